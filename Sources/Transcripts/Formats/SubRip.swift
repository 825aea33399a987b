/// SubRip subtitles: numbered cues, a comma before the milliseconds, a blank line between cues.
enum SubRip {
    static func text(of transcript: Transcript) -> String {
        transcript.segments
            .map { (segment: $0, lines: CueText.lines(of: $0.text)) }
            .filter { !$0.lines.isEmpty }
            .enumerated()
            .map { index, cue in
                let times = "\(cue.segment.start.text(separator: ",")) --> \(cue.segment.end.text(separator: ","))"
                return "\(index + 1)\n\(times)\n\(cue.lines.joined(separator: "\n"))\n"
            }
            .joined(separator: "\n")
    }
}

/// What the text of a cue may hold in either subtitle format.
enum CueText {
    /// The lines of a text without blank ones, which would end the cue, and without the arrow that marks a cue's times.
    static func lines(of text: String) -> [String] {
        text.split(whereSeparator: \.isNewline)
            .map { line in line.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
            .map { line in line.replacing("-->", with: "→") }
            .filter { !$0.isEmpty }
    }
}
