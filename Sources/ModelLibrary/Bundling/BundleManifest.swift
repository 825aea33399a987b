import Basics

/// The first file of a bundle: the models that follow, with their checksums.
struct BundleManifest: Codable, Sendable, Hashable {
    static let fileName = "manifest.json"
    /// The version of the format; newer formats that this version can't read have higher numbers.
    static let currentVersion = 1

    struct Entry: Codable, Sendable, Hashable {
        let name: String
        /// The name of the file in the bundle and in the model folder.
        let file: String
        let bytes: Int64
        /// The SHA-256 in lower-case hexadecimal digits.
        let sha256: String
    }

    var version = BundleManifest.currentVersion
    let models: [Entry]

    static func file(of name: String) -> String { "ggml-\(name).bin" }

    /// Whether a name is valid for a model: letters, digits, dots, dashes and underscores, so that it cannot lead out of a folder.
    static func isModelName(_ name: String) -> Bool {
        (1...64).contains(name.utf8.count) && !name.hasPrefix(".")
            && name.allSatisfy { letter in
                letter.isASCII && (letter.isLetter || letter.isNumber || ".-_".contains(letter))
            }
    }

    /// Throws if a name is invalid or occurs twice.
    func check() throws(BundleError) {
        guard version == Self.currentVersion else { throw .damaged("this version of Earshot does not know its format \(version)") }
        var seen: Set<String> = []
        for entry in models {
            guard Self.isModelName(entry.name), entry.file == Self.file(of: entry.name) else { throw .forbiddenName(entry.file) }
            guard seen.insert(entry.file).inserted else { throw .damaged("“\(entry.name)” occurs twice") }
            guard (0...TarHead.largestFile).contains(entry.bytes) else { throw .damaged("“\(entry.name)” has an impossible size") }
        }
    }
}
