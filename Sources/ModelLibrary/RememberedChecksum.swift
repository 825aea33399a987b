import Foundation
import SystemPackage

/// The SHA-256 of a model's file as the hub stated it, stored beside the file in sha256sum's format: `ggml-NAME.bin.sha256`.
struct RememberedChecksum: Sendable {
    private let file: FilePath
    private var path: FilePath { FilePath(file.string + ".sha256") }

    init(of file: FilePath) {
        self.file = file
    }

    /// The SHA-256 in hexadecimal digits; nil if none is stored, or if the model's file was replaced since.
    var value: String? {
        guard let stored = Self.changed(path), let written = Self.changed(file), stored >= written,
            let text = try? String(contentsOfFile: path.string, encoding: .utf8), let word = text.split(separator: " ").first,
            word.count == 64, word.allSatisfy(\.isHexDigit)
        else { return nil }
        return word.lowercased()
    }

    func remember(_ sha256: String) throws {
        let line = "\(sha256)  \(file.lastComponent?.string ?? "")\n"
        try Data(line.utf8).write(to: URL(filePath: path.string), options: .atomic)
    }

    func forget() {
        try? FileManager.default.removeItem(atPath: path.string)
    }

    private static func changed(_ path: FilePath) -> Date? {
        (try? FileManager.default.attributesOfItem(atPath: path.string))?[.modificationDate] as? Date
    }
}
