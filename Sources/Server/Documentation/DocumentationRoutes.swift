import Foundation
import HTTPSupport
import HTTPTypes
import Hummingbird
import SystemPackage

/// The API's description for programs, and a page that shows it and sends requests.
///
/// The page loads nothing from other hosts, so it works without a network.
struct DocumentationRoutes: Sendable {
    typealias Context = APIContext

    private let document: ByteBuffer
    /// The page's own files and those that it shares with the website, by name.
    private let files: [String: PageFile]

    /// Reads the description and the page's files.
    init() throws {
        let resources = FilePath(Bundle.module.bundlePath)
        document = ByteBuffer(string: try APIDocument(reading: resources.appending("openapi")).text)
        var files: [String: PageFile] = [:]
        for folder in [PageFile.sharedFolder, resources.appending("docs")] {
            for path in try FileManager.default.subpathsOfDirectory(atPath: folder.string).map({ folder.appending($0) }) {
                guard let name = path.lastComponent, let kind = name.extension else { continue }
                files[name.string] = PageFile(try Data(contentsOf: URL(filePath: path.string)), kind: kind)
            }
        }
        self.files = files
    }

    /// `GET /openapi.json`
    func document(request: Request, context: Context) -> Response {
        answer(document, as: "application/json")
    }

    /// `GET /docs`
    func page(request: Request, context: Context) throws -> Response {
        try file(named: "index.html")
    }

    /// `GET /docs/{file}`: the page's styles and scripts.
    func file(request: Request, context: Context) throws -> Response {
        try file(named: context.parameters.require("file"))
    }

    private func file(named name: String) throws -> Response {
        guard let file = files[name] else { throw HTTPError(.notFound) }
        var response = answer(file.bytes, as: file.mediaType)
        response.headers[.contentSecurityPolicy] = """
            default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; \
            form-action 'none'; frame-ancestors 'none'
            """
        response.headers[.xContentTypeOptions] = "nosniff"
        return response
    }

    private func answer(_ content: ByteBuffer, as mediaType: String) -> Response {
        Response(
            status: .ok,
            headers: [.contentType: mediaType, .cacheControl: "no-cache"],
            body: ResponseBody(byteBuffer: content)
        )
    }
}
