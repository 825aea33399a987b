import Foundation
import SystemPackage
import TestSupport

/// The project's files.
enum Project {
    /// The project's root.
    static let root: FilePath = {
        let here = URL(filePath: #filePath).resolvingSymlinksInPath()
        return FilePath(here.path).removingLastComponent().removingLastComponent().removingLastComponent()
    }()

    /// The Swift files below a folder of the root, by their path from the root.
    static func files(in folder: String) throws -> [(path: String, lines: [Substring])] {
        let paths = try FileManager.default.subpathsOfDirectory(atPath: root.appending(folder).string).sorted()
        return try paths.filter { $0.hasSuffix(".swift") }.map { path in
            let text = try String(decoding: root.appending(folder).appending(path).contents(), as: UTF8.self)
            return ("\(folder)/\(path)", text.split(separator: "\n", omittingEmptySubsequences: false))
        }
    }

    /// The files below a folder of the root that people read: code, pages, styles, documents.
    static func texts(in folder: String) throws -> [(path: String, text: String)] {
        let paths = try FileManager.default.subpathsOfDirectory(atPath: root.appending(folder).string).sorted()
        return try paths.filter {
            [".swift", ".js", ".css", ".html", ".mustache", ".json", ".sql", ".md", ".py"].contains(where: $0.hasSuffix)
        }
        .map {
            path in
            ("\(folder)/\(path)", try String(decoding: root.appending(folder).appending(path).contents(), as: UTF8.self))
        }
    }

    /// The targets, as the package manager understands `Package.swift`.
    static func targets() async throws -> [Target] {
        // A build folder of its own, because the tests' is locked while they run.
        try await TemporaryFolder.with { scratch in
            let outcome = try await CommandLineProgram(
                "swift",
                [
                    "package", "--package-path", root.string, "--scratch-path", scratch.string, "--disable-sandbox", "--skip-update",
                    "describe", "--type", "json",
                ]
            ).succeed()
            return try JSONDecoder().decode(Description.self, from: Data(outcome.output.utf8)).targets
        }
    }

    private struct Description: Decodable {
        let targets: [Target]
    }
}

/// A target and its arrows to others of this package.
struct Target: Decodable {
    let name: String
    let type: String
    let path: String
    let dependencies: [String]

    private enum CodingKeys: String, CodingKey {
        case name, type, path
        case dependencies = "target_dependencies"
    }

    init(from decoder: any Decoder) throws {
        let target = try decoder.container(keyedBy: CodingKeys.self)
        name = try target.decode(String.self, forKey: .name)
        type = try target.decode(String.self, forKey: .type)
        path = try target.decode(String.self, forKey: .path)
        dependencies = try target.decodeIfPresent([String].self, forKey: .dependencies) ?? []
    }
}
