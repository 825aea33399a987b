/// Text alone, a line for each segment; where there are several speakers, a line by another one than before begins with the name.
enum PlainText {
    static func text(of transcript: Transcript) -> String {
        let namesSpeakers = transcript.hasSeveralSpeakers
        var last: String?
        return transcript.writtenSegments.map { segment in
            let isNew = namesSpeakers && segment.speaker != last
            last = segment.speaker
            return (isNew ? segment.speaker.map { $0.inOneLine + ": " } ?? "" : "") + segment.text + "\n"
        }
        .joined()
    }
}
