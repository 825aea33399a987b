import Dispatch
import Foundation
import Hummingbird
import Mustache
import NIOCore
import SystemPackage

/// The templates and assets of the website as they were read at one moment.
struct WebFolder: Sendable {
    /// A file that browsers load beside a page.
    struct Asset: Sendable {
        let bytes: ByteBuffer
        let mediaType: String
        let entityTag: String
    }

    /// Changes with any asset; part of every asset's address, so that browsers may keep them for ever.
    let version: String
    /// Assets by path below `/assets/VERSION/`.
    let assets: [String: Asset]
    /// Where the modules of the scripts lie, for browsers to load at once.
    let scripts: [String]
    private let templates: MustacheLibrary

    /// Reads a folder of `pages`, `styles`, `scripts` and `images`; throws when it is missing or a template does not parse.
    init(reading root: FilePath) throws {
        var templates = MustacheLibrary()
        var assets: [String: Asset] = [:]
        var styles = ""
        let names = try FileManager.default.subpathsOfDirectory(atPath: root.string).sorted()
        for name in names {
            let file = root.appending(name)
            guard let kind = file.extension, let contents = FileManager.default.contents(atPath: file.string) else { continue }
            switch (kind, name.split(separator: "/").first) {
            case ("mustache", _):
                try templates.register(String(decoding: contents, as: UTF8.self), named: file.stem ?? name)
            case ("css", "styles"):
                styles += String(decoding: contents, as: UTF8.self) + "\n"
            case (_, "scripts"), (_, "images"):
                assets[name] = Asset(contents, kind: kind)
            default:
                continue
            }
        }
        assets["styles/all.css"] = Asset(Data(styles.utf8), kind: "css")
        self.templates = templates
        self.assets = assets
        version = fingerprint(assets.sorted { $0.key < $1.key }.flatMap { Array(($0.key + $0.value.entityTag).utf8) })
        scripts = assets.keys.filter { $0.hasPrefix("scripts/") }.sorted()
    }

    /// A page made from a template and what it shows.
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

extension WebFolder.Asset {
    private static let mediaTypes = [
        "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml", "png": "image/png",
        "webmanifest": "application/manifest+json",
    ]

    fileprivate init(_ contents: Data, kind: String) {
        self.init(
            bytes: ByteBuffer(bytes: contents),
            mediaType: Self.mediaTypes[kind] ?? "application/octet-stream",
            entityTag: "\"\(fingerprint(contents))\""
        )
    }
}

/// The 64-bit FNV-1a hash in hexadecimal: it tells versions of our own files apart and guards nothing.
private func fingerprint(_ bytes: some Sequence<UInt8>) -> String {
    let hash = bytes.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    return String(hash, radix: 16)
}

/// The built-in web folder, read once, or another that is read anew for each request.
struct WebFolderSource: Sendable {
    private static let builtIn = Result { try WebFolder(reading: FilePath(Bundle.module.bundlePath).appending("web")) }

    private let root: FilePath?

    /// Takes a folder to read anew each time, or nil for the built-in one; throws when it can't be read.
    init(root: FilePath?) throws {
        self.root = root
        _ = try root.map(WebFolder.init(reading:)) ?? Self.builtIn.get()
    }

    /// The folder as it is now.
    func current() async throws -> WebFolder {
        guard let root else { return try Self.builtIn.get() }
        return try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(with: Result { try WebFolder(reading: root) }) }
        }
    }
}
