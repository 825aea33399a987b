import Foundation

/// Reads the spoken text from a file with a transcript of any format.
package enum WrittenText {
    /// A file without readable text.
    package struct Unreadable: Error, CustomStringConvertible {
        package let description: String
    }

    /// The spoken text of a file: that of JSON (`text`, or the texts of `segments` or whisper.cpp's `transcription`), the cues of SubRip and
    /// WebVTT without numbers, times and markup; any other text unchanged. Names such as "Speaker 1:" before a line are removed.
    ///
    /// UTF-8, or UTF-16 with a byte order mark; bytes that are neither become U+FFFD.
    /// - Parameter name: the file's name, whose extension determines the format; otherwise the content does.
    package static func text(of data: Data, named name: String) throws(Unreadable) -> String {
        let text = decoded(data).replacing("\r\n", with: "\n").replacing("\r", with: "\n")
        let ending = name.lowercased().split(separator: ".").last.map(String.init) ?? ""
        switch ending {
        case "json": return try spoken(json: data)
        case "srt", "vtt": return spoken(cues: text)
        case "txt", "text", "md": return withoutSpeakers(text)
        default: break
        }
        if text.hasPrefix("WEBVTT") || text.prefix(64).contains("-->") { return spoken(cues: text) }
        if text.hasPrefix("{"), let spoken = try? spoken(json: data) { return spoken }
        return withoutSpeakers(text)
    }

    private static func decoded(_ data: Data) -> String {
        let isUTF16 = data.starts(with: [0xFF, 0xFE]) || data.starts(with: [0xFE, 0xFF])
        let text = (isUTF16 ? String(data: data, encoding: .utf16) : nil) ?? String(decoding: data, as: UTF8.self)
        return text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
    }

    private struct Document: Decodable {
        struct Segment: Decodable { var text: String }
        var text: String?
        var segments: [Segment]?
        var transcription: [Segment]?
    }

    private static func spoken(json data: Data) throws(Unreadable) -> String {
        guard let document = try? JSONDecoder().decode(Document.self, from: data) else {
            throw Unreadable(description: "is not the JSON of a transcript: it must be an object with “text” or “segments”.")
        }
        if let text = document.text { return text }
        guard let segments = document.segments ?? document.transcription else {
            throw Unreadable(description: "is JSON without “text” or “segments”.")
        }
        return segments.map { $0.text.trimmed }.joined(separator: "\n")
    }

    private static func spoken(cues text: String) -> String {
        let blocks = text.split(separator: /\n[ \t]*\n/)
        let cues = blocks.compactMap { block -> String? in
            let lines = block.split(separator: "\n")
            // Headers, notes and styles have no times; a cue's number or name precedes them.
            guard let times = lines.firstIndex(where: { $0.contains("-->") }), times <= lines.startIndex + 1 else { return nil }
            return lines[(times + 1)...].map(withoutMarkup).joined(separator: "\n")
        }
        return withoutSpeakers(cues.joined(separator: "\n"))
    }

    /// The text of a cue's line: without tags such as `<i>`, `<v Anna>` and SubStation's `{\an8}`, and with references replaced.
    private static func withoutMarkup(_ line: Substring) -> String {
        let references = ["&lt;": "<", "&gt;": ">", "&nbsp;": " ", "&lrm;": "", "&rlm;": "", "&amp;": "&"]
        let plain = String(line).replacing(/<\/?[a-zA-Z0-9][^>\n]*>/, with: "").replacing(/\{\\[^}\n]*\}/, with: "")
        return plain.replacing(/&(?:lt|gt|nbsp|lrm|rlm|amp);/) { references[String($0.output)] ?? "" }
    }

    private static func withoutSpeakers(_ text: String) -> String {
        text.replacing(#/(^|\n)Speaker \d+: /#) { $0.output.1 }
    }
}
