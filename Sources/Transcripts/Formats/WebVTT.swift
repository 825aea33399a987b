/// WebVTT subtitles: a header, a point before the milliseconds, escaped markup, voices, and the times of words where they are known.
///
/// After the W3C's "WebVTT: The Web Video Text Tracks Format", section 4.
enum WebVTT {
    static func text(of captions: [Caption]) -> String {
        let cues = captions.compactMap { caption -> String? in
            let lines = lines(of: caption)
            guard !lines.isEmpty else { return nil }
            // A voice that is not closed lasts until the end of its cue.
            let speaker = escaped((caption.speaker ?? "").inOneLine)
            let voice = speaker.isEmpty ? "" : "<v \(speaker)>"
            return "\n\(caption.start.text()) --> \(caption.end.text())\n\(voice)\(lines.joined(separator: "\n"))\n"
        }
        return "WEBVTT\n" + cues.joined()
    }

    private static func lines(of caption: Caption) -> [String] {
        // Times inside a cue must increase, and be between its start and its end.
        var last = caption.start
        return caption.lines.compactMap { line -> String? in
            var text = ""
            for piece in line {
                let clean = escaped(piece.text.inOneLine)
                guard !clean.isEmpty else { continue }
                if piece.text.first?.isWhitespace == true, !text.isEmpty { text += " " }
                if let start = piece.start, start > last, start < caption.end {
                    text += "<\(start.text())>"
                    last = start
                }
                text += clean
            }
            return text.isEmpty ? nil : text
        }
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}
