import SystemPackage

/// The messages that a media tool wrote to its standard error.
struct Complaint: Sendable {
    private let lines: [Substring]
    private let path: FilePath

    init(_ text: String, about path: FilePath) {
        lines = text.split(whereSeparator: \.isNewline)
        self.path = path
    }

    /// Whether the file has no sound.
    var meansNoAudio: Bool {
        lines.contains { $0.contains("matches no streams") }
    }

    /// The last line, without paths, addresses and component names.
    var reason: String {
        let line = lines.last { !$0.contains("Error opening input files") } ?? lines.last ?? "no reason given"
        var text = String(line)
        for name in ["file:\(path)", path.string] {
            text = text.split(separator: name, omittingEmptySubsequences: false).joined()
        }
        text.replace(/\[[^\]]*@ 0x[0-9a-f]+\]/, with: "")
        text.replace(/^[\s:.]+|[\s:.]+$/, with: "")
        return text.isEmpty ? "no reason given" : text
    }
}
