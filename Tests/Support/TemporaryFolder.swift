import Foundation
import SystemPackage

/// A folder for the length of one piece of work.
package enum TemporaryFolder {
    /// Makes a folder that every user can read, runs the work, and removes the folder with its contents.
    package static func with<Value>(
        isolation: isolated (any Actor)? = #isolation,
        _ work: (FilePath) async throws -> Value
    ) async throws -> Value {
        let folder = try make()
        defer { try? FileManager.default.removeItem(atPath: folder.string) }
        return try await work(folder)
    }

    /// Makes a folder; the caller removes it.
    package static func make() throws -> FilePath {
        let name = "earshot-test-" + UUID().uuidString.prefix(8).lowercased()
        let folder = FilePath(FileManager.default.temporaryDirectory.path).appending(name)
        let everyone: [FileAttributeKey: Any] = [.posixPermissions: 0o755]
        try FileManager.default.createDirectory(atPath: folder.string, withIntermediateDirectories: true, attributes: everyone)
        return folder
    }
}

extension FilePath {
    package func contents() throws -> Data { try Data(contentsOf: URL(filePath: string)) }

    /// Writes a file of these bytes.
    package func write(_ data: Data) throws { try data.write(to: URL(filePath: string)) }

    /// The sorted names of what the folder contains.
    package func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: string).sorted() }
}
