import Foundation
import SystemPackage

/// The description of the whole API in OpenAPI 3.1, joined from a file for each topic.
///
/// The text between the outermost braces of each file is copied unchanged, so that paths and fields keep the order in which they were
/// written.
struct APIDocument: Sendable {
    /// The document as JSON.
    let text: String

    /// - Parameters:
    ///   - head: an object with the title, the version and the like.
    ///   - paths: objects of paths.
    ///   - components: objects of components, by their kind.
    init(head: String, paths: [String], components: [(kind: String, parts: [String])]) {
        let kinds = components.map { "\"\($0.kind)\": \(Self.object(of: $0.parts))" }.joined(separator: ",\n")
        text = "{\n\(Self.inside(head)),\n\"paths\": \(Self.object(of: paths)),\n\"components\": {\n\(kinds)\n}\n}\n"
    }

    /// Reads `document.json` and the folders `paths`, `headers`, `parameters`, `responses` and `schemas`.
    init(reading folder: FilePath) throws {
        func parts(_ name: String) throws -> [String] {
            let place = folder.appending(name).string
            return try FileManager.default.contentsOfDirectory(atPath: place).sorted().map {
                try String(contentsOfFile: "\(place)/\($0)", encoding: .utf8)
            }
        }
        self.init(
            head: try String(contentsOfFile: folder.appending("document.json").string, encoding: .utf8),
            paths: try parts("paths"),
            components: try ["headers", "parameters", "responses", "schemas"].map { ($0, try parts($0)) }
        )
    }

    private static func object(of parts: [String]) -> String {
        "{\n\(parts.map(inside).joined(separator: ",\n"))\n}"
    }

    /// The text between the braces of an object.
    private static func inside(_ object: String) -> Substring {
        guard let first = object.firstIndex(of: "{"), let last = object.lastIndex(of: "}") else { return "" }
        return object[object.index(after: first)..<last]
    }
}
