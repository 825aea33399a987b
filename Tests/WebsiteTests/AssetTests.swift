import Foundation
import HTTPSupport
import NIOCore
import NIOHTTP1
import SystemPackage
import TestSupport
import Testing

@testable import Website

struct AssetTests {
    private let nowhere = "http://127.0.0.1:9"

    @Test("every file that a page names exists, with its type, and browsers keep it forever")
    func named() async throws {
        try await withWebsite(api: nowhere) { visitor in
            let page = try await visitor.ask("/nowhere").text
            let addresses = page.matches(of: #/(?:href|src)="(/assets/[^"]+)"/#).map { String($0.1) }
            #expect(addresses.contains { $0.hasSuffix("/styles/all.css") })
            #expect(addresses.contains { $0.hasSuffix("/scripts/main.js") })
            let types = ["css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml"]
            for address in Set(addresses) {
                let asset = try await visitor.ask(address)
                #expect(asset.status == 200, "\(address)")
                #expect(asset["Content-Type"] == types[String(address.split(separator: ".").last ?? "")], "\(address)")
                #expect(asset["Cache-Control"] == "public, max-age=31536000, immutable")
                #expect(!asset.text.isEmpty)
            }
        }
    }

    @Test("a file in another web folder replaces the shared one of its name, and is read anew for each request")
    func otherFolder() async throws {
        try await TemporaryFolder.with { folder in
            let source = try WebFolderSource(root: folder)
            let shared = try await source.current()
            #expect(shared.assets["styles/all.css"].map { String(buffer: $0.bytes).contains("--color-paper:") } == true)
            try FileManager.default.createDirectory(atPath: folder.appending("styles").string, withIntermediateDirectories: true)
            try folder.appending("styles/tokens.css").write(Data(":root { --own: 1 }".utf8))
            let own = try await source.current()
            let styles = try #require(own.assets["styles/all.css"].map { String(buffer: $0.bytes) })
            #expect(styles.contains("--own: 1"))
            #expect(!styles.contains("--color-paper:"))
            #expect(styles.contains("min-block-size: 100dvh"), "other shared files stay")
            #expect(own.version != shared.version)
        }
    }

    @Test("a browser that has an asset already does not get its bytes again")
    func known() async throws {
        try await withWebsite(api: nowhere) { visitor in
            let first = try await visitor.ask("/assets/old/styles/all.css")
            let tag = try #require(first["ETag"])
            #expect(first["Cache-Control"] == "no-cache", "under another version it may change")
            for known in [tag, "W/\(tag)", "\"other\", \(tag)", "*"] {
                let again = try await visitor.ask("/assets/old/styles/all.css", headers: ["If-None-Match": known])
                #expect(again.status == 304, "\(known)")
                #expect(again["ETag"] == tag)
                #expect(again.text.isEmpty)
            }
            let changed = try await visitor.ask("/assets/old/styles/all.css", headers: ["If-None-Match": "\"other\""])
            #expect(changed.status == 200)
            #expect(changed.text == first.text)
        }
    }

    @Test(
        "only assets are served",
        arguments: [
            "pages/error.mustache", "../pages/error.mustache", "styles/../pages/error.mustache", "%2e%2e/pages/error.mustache",
            "..%2fpages%2ferror.mustache", "../../../../../../../../etc/passwd", "..%2f..%2f..%2f..%2f..%2f..%2f..%2fetc%2fpasswd",
            "//etc/passwd",
            "", "styles", "styles/tokens.css", "scripts/main.js%00.css",
        ]
    )
    func traversal(path: String) async throws {
        try await withWebsite(api: nowhere) { visitor in
            let page = try await visitor.ask("/nowhere").text
            let version = try #require(page.firstMatch(of: #/"/assets/([^/]+)//#)).1
            for version in [String(version), "old"] {
                #expect(try await visitor.ask("/assets/\(version)/\(path)").status == 404)
            }
        }
    }
}
