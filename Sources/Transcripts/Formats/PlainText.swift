/// Text alone, a line for each segment.
enum PlainText {
    static func text(of transcript: Transcript) -> String {
        transcript.segments
            .map { $0.text.split(whereSeparator: \.isNewline).joined(separator: " ") }
            .filter { !$0.isEmpty }
            .map { $0 + "\n" }
            .joined()
    }
}
