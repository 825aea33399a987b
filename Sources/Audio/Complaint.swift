import SystemPackage

/// The messages that a media tool wrote to its standard error, each with its level.
struct Complaint: Sendable {
    /// Parts of messages that say that content is missing or broken, of ffmpeg 5 to 8, in lower case.
    ///
    /// Other errors are about streams that are not decoded, such as a video that begins in the middle of a picture.
    private static let signsOfDamage = [
        "error while decoding stream", "error submitting packet to decoder", "invalid data found", "incomplete frame", "crc mismatch",
        "corrupt input packet", "packet corrupt", "partial file", "ended prematurely", "filesize and duration do not match", "truncat",
        "invalid as first byte of an ebml number", "exceeds containing master element", "packet_obj_size", "ff asf skip",
    ]

    private static let systemErrors =
        machineFaults + ["Input/output error", "No such file or directory", "Cannot allocate memory", "Remote I/O error", "No such device"]

    private static let machineFaults = [
        "Permission denied", "Resource temporarily unavailable", "Stale file handle", "Too many open files", "Transport endpoint",
    ]

    private let lines: [Substring]
    let path: FilePath

    init(_ text: String, about path: FilePath) {
        lines = text.split(whereSeparator: \.isNewline)
        self.path = path
    }

    /// Whether the file has no sound.
    var meansNoAudio: Bool {
        lines.contains { $0.contains("matches no streams") }
    }

    /// The last error, without paths, addresses and component names; nil if there is none.
    var reason: String? {
        let errors = lines.filter { $0.contains("[error]") || $0.contains("[fatal]") }
        guard let line = errors.last(where: { !$0.contains("Error opening input files") }) ?? errors.last else { return nil }
        return plain(line)
    }

    /// The first message that says that part of the content is missing or broken; nil if there is none.
    var damage: String? {
        lines.first { line in
            let line = line.lowercased()
            return Self.signsOfDamage.contains(where: line.contains)
        }.map(plain)
    }

    /// Whether a message is the system's word for a failed call, which tools also use for files that break off.
    var namesSystemError: Bool { lines.contains { line in Self.systemErrors.contains(where: line.contains) } }

    /// The system's word for a failure that no content can cause; nil if there is none.
    var machineFault: String? { Self.machineFaults.first { fault in lines.contains { $0.contains(fault) } } }

    private func plain(_ line: Substring) -> String {
        var text = String(line)
        for name in ["file:\(path)", path.string] {
            text = text.split(separator: name, omittingEmptySubsequences: false).joined()
        }
        text.replace(/\[[^\]]*@ 0x[0-9a-f]+\]|\[(warning|error|fatal)\]/, with: "")
        text.replace(/^[\s:.]+|[\s:.]+$/, with: "")
        return text.isEmpty ? "no reason given" : text
    }
}
