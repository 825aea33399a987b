/// WebVTT subtitles: a header, a point before the milliseconds, and text in which markup is escaped.
enum WebVTT {
    static func text(of transcript: Transcript) -> String {
        let cues = transcript.segments.compactMap { segment -> String? in
            let lines = CueText.lines(of: segment.text)
            guard !lines.isEmpty else { return nil }
            return "\n\(segment.start.text()) --> \(segment.end.text())\n\(lines.map(escaped).joined(separator: "\n"))\n"
        }
        return "WEBVTT\n" + cues.joined()
    }

    private static func escaped(_ line: String) -> String {
        line.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}
