import Basics
import Foundation
import HTTPSupport
import Hummingbird
import Mustache
import NIOCore
import SystemPackage

/// The templates and assets of the website, as read at one moment.
struct WebFolder: Sendable {
    /// Changes with any asset; part of every asset's address, so that browsers may keep them forever.
    let version: String
    /// Assets by path below `/assets/VERSION/`.
    let assets: [String: PageFile]
    /// Paths of the scripts' modules, for browsers to load at once.
    let scripts: [String]
    private let templates: MustacheLibrary

    /// Reads the shared files and a folder of `pages`, `styles`, `scripts` and `images`, whose files replace shared ones of the same name.
    ///
    /// - Throws: If the folder is missing or a template does not parse.
    init(reading root: FilePath) throws {
        var files: [String: FilePath] = [:]
        for folder in [PageFile.sharedFolder, root] {
            for name in try FileManager.default.subpathsOfDirectory(atPath: folder.string) { files[name] = folder.appending(name) }
        }
        var templates = MustacheLibrary()
        var assets: [String: PageFile] = [:]
        var styles = ""
        for (name, file) in files.sorted(by: { $0.key < $1.key }) {
            guard let kind = file.extension, let contents = FileManager.default.contents(atPath: file.string) else { continue }
            switch (kind, name.split(separator: "/").first) {
            case ("mustache", _):
                try templates.register(String(decoding: contents, as: UTF8.self), named: file.stem ?? name)
            case ("css", "styles"):
                styles += String(decoding: contents, as: UTF8.self) + "\n"
            case (_, "scripts"), (_, "images"):
                assets[name] = PageFile(contents, kind: kind)
            default:
                continue
            }
        }
        assets["styles/all.css"] = PageFile(Data(styles.utf8), kind: "css")
        self.templates = templates
        self.assets = assets
        let names = assets.keys.sorted()
        version = String(stableHash(names.flatMap { Array(($0 + (assets[$0]?.entityTag ?? "")).utf8) }), radix: 16)
        scripts = names.filter { $0.hasPrefix("scripts/") }
    }

    /// A page made from a template and a view.
    func page(_ template: String, _ view: some Any, status: HTTPResponse.Status = .ok) throws -> Response {
        let base = "/assets/\(version)/"
        let frame: [String: Any] = ["view": view, "assets": base, "modules": scripts.map { base + $0 }]
        guard let text = templates.render(frame, withTemplate: template) else { throw Problem.unexpected }
        return Response(
            status: status,
            headers: [.contentType: "text/html; charset=utf-8", .cacheControl: "private, no-cache"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text))
        )
    }
}

/// The built-in web folder, read once, or another that is read anew for each request.
struct WebFolderSource: Sendable {
    private static let builtIn = Result { try WebFolder(reading: FilePath(Bundle.module.bundlePath).appending("web")) }

    private let root: FilePath?

    /// Takes a folder to read anew each time, or nil for the built-in one; throws if it can't be read.
    init(root: FilePath?) throws {
        self.root = root
        _ = try root.map(WebFolder.init(reading:)) ?? Self.builtIn.get()
    }

    /// The current state of the folder.
    func current() async throws -> WebFolder {
        guard let root else { return try Self.builtIn.get() }
        return try await blocking { try WebFolder(reading: root) }
    }
}
