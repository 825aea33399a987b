import Foundation
import HTTPTypes
import Hummingbird
import SystemPackage

/// The API's description for programs, and a page that shows it and sends requests.
///
/// The page loads nothing from other hosts, so it works without a network.
struct DocumentationRoutes: Sendable {
    typealias Context = APIContext

    private static let mediaTypes = [
        "css": "text/css; charset=utf-8", "html": "text/html; charset=utf-8", "js": "text/javascript; charset=utf-8",
        "svg": "image/svg+xml",
    ]

    private let document: ByteBuffer
    private let files: [String: (content: ByteBuffer, mediaType: String)]

    /// Reads the description and the page's files.
    init() throws {
        let resources = FilePath(Bundle.module.bundlePath)
        document = ByteBuffer(string: try APIDocument(reading: resources.appending("openapi")).text)
        let folder = resources.appending("docs").string
        var files: [String: (ByteBuffer, String)] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
            guard let type = name.split(separator: ".").last.flatMap({ Self.mediaTypes[String($0)] }) else { continue }
            files[name] = (ByteBuffer(bytes: try Data(contentsOf: URL(filePath: "\(folder)/\(name)"))), type)
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
        var response = answer(file.content, as: file.mediaType)
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
