/// LRC lyrics: a line for each segment with its start, and the start of each word in angle brackets if it is known ("enhanced" LRC).
///
/// The format has minutes, but neither hours nor ends.
enum Lyrics {
    static func text(of transcript: Transcript, title: String?) -> String {
        let namesSpeakers = transcript.hasSeveralSpeakers
        var speaker: String?
        var lines: [String] = []
        for caption in transcript.captions(nil) {
            let isNew = namesSpeakers && caption.speaker != speaker
            speaker = caption.speaker
            let text = caption.lines.joined().map(timed).joined()
            guard !text.inOneLine.isEmpty else { continue }
            let name = isNew ? speaker.map { escaped($0.inOneLine) + ": " } ?? "" : ""
            lines.append("[\(time(caption.start))]\(name)\(text)\n")
        }
        guard !lines.isEmpty else { return "" }
        return header(of: transcript, title: title) + lines.joined()
    }

    private static func header(of transcript: Transcript, title: String?) -> String {
        var header = ""
        if let title = title?.inOneLine, !title.isEmpty { header += "[ti:\(title.replacing("]", with: ")"))]\n" }
        if let language = transcript.textLanguage { header += "[la:\(language.code)]\n" }
        return header + "[length:\(time(transcript.duration))]\n[re:Earshot]\n"
    }

    private static func timed(_ piece: Caption.Piece) -> String {
        let text = escaped(piece.text.inOneLine)
        guard !text.isEmpty else { return "" }
        let space = piece.text.first?.isWhitespace == true ? " " : ""
        return space + (piece.start.map { "<\(time($0))>" } ?? "") + text
    }

    /// Escapes text that looks like a time.
    private static func escaped(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: ":")) else { return text }
        return text.replacing(/\[(?=\d+:)/, with: "(").replacing(/<(?=\d+:)/, with: "(")
    }

    /// "62:03.45"
    private static func time(_ time: Timestamp) -> String {
        let hundredths = max(0, time.milliseconds) / 10
        let parts = [hundredths / 6000, hundredths / 100 % 60, hundredths % 100].map { $0 < 10 ? "0\($0)" : "\($0)" }
        return "\(parts[0]):\(parts[1]).\(parts[2])"
    }
}
