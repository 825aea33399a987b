/// SubRip subtitles: numbered cues, a comma before the milliseconds, a blank line between cues.
enum SubRip {
    static func text(of captions: [Caption]) -> String {
        captions
            .map { (caption: $0, lines: CueText.lines(of: $0)) }
            .filter { !$0.lines.isEmpty }
            .enumerated()
            .map { index, cue in
                let times = "\(cue.caption.start.text(separator: ",")) --> \(cue.caption.end.text(separator: ","))"
                return "\(index + 1)\n\(times)\n\(cue.lines.joined(separator: "\n"))\n"
            }
            .joined(separator: "\n")
    }
}

/// What the text of a cue may hold in any subtitle format.
enum CueText {
    /// The lines of a caption without blank ones, which would end the cue, and without the arrow that marks a cue's times.
    static func lines(of caption: Caption) -> [String] {
        caption.lineTexts.map { $0.inOneLine.replacing("-->", with: "→") }.filter { !$0.isEmpty }
    }
}
