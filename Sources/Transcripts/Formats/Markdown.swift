/// Markdown (CommonMark): a title, and paragraphs that begin with the speaker and the time.
enum Markdown {
    static func text(of transcript: Transcript, title: String?) -> String {
        let paragraphs = Paragraph.paragraphs(of: transcript).map { paragraph in
            let speaker = paragraph.speaker.map { "**\(escaped($0.inOneLine))** " } ?? ""
            return "\n\(speaker)`\(paragraph.start.clockText)` \(escaped(paragraph.text))\n"
        }
        return "# \(escaped((title ?? "Transcript").inOneLine))\n" + paragraphs.joined()
    }

    /// Escapes markup; the text never begins a line, so only inline markup matters.
    private static func escaped(_ text: String) -> String {
        String(text.flatMap { "\\`*_[]<>&#~|$".contains($0) ? ["\\", $0] : [$0] })
    }
}
