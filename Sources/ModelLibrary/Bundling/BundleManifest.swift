/// The first file of a bundle: what follows, and how it can be checked.
struct BundleManifest: Codable, Sendable, Hashable {
    static let fileName = "manifest.json"
    /// The form of bundles; a later one that this version can't read has a higher number.
    static let currentVersion = 1

    /// One model of the bundle.
    struct Entry: Codable, Sendable, Hashable {
        /// Its name, as in `--model NAME`.
        let name: String
        /// Its file in the bundle and in the model folder.
        let file: String
        /// The file's length.
        let bytes: Int64
        /// The file's SHA-256 in lower-case hexadecimal digits.
        let sha256: String
    }

    var version = BundleManifest.currentVersion
    let models: [Entry]

    /// The name of a model's file.
    static func file(of name: String) -> String { "ggml-\(name).bin" }

    /// Whether a name can be a model's: letters, digits, dots, dashes and underscores, none of which leads out of a folder.
    static func isModelName(_ name: String) -> Bool {
        (1...64).contains(name.utf8.count) && !name.hasPrefix(".")
            && name.allSatisfy { letter in
                letter.isASCII && (letter.isLetter || letter.isNumber || ".-_".contains(letter))
            }
    }

    /// Refuses names that are no models', or are there twice.
    func check() throws(BundleError) {
        guard version == Self.currentVersion else { throw .damaged("its form \(version) is not known to this version of Earshot") }
        var seen: Set<String> = []
        for entry in models {
            guard Self.isModelName(entry.name), entry.file == Self.file(of: entry.name) else { throw .forbiddenName(entry.file) }
            guard seen.insert(entry.file).inserted else { throw .damaged("“\(entry.name)” is there twice") }
            guard (0...TarHead.largestFile).contains(entry.bytes) else { throw .damaged("“\(entry.name)” has an impossible size") }
        }
    }
}
