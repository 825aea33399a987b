/// A kind of file that a transcript can be written as.
package enum TranscriptFormat: String, CaseIterable, Sendable {
    /// Plain text, a line for each segment.
    case txt
    /// SubRip subtitles.
    case srt
    /// WebVTT subtitles, which browsers show.
    case vtt
    /// Text, times and measures, in the shape of OpenAI's `verbose_json`.
    case json

    /// The ending of such a file's name, without a dot.
    package var fileExtension: String { rawValue }

    /// The media type that such a file is served with.
    package var mediaType: String {
        switch self {
        case .txt: "text/plain; charset=utf-8"
        case .srt: "application/x-subrip; charset=utf-8"
        case .vtt: "text/vtt; charset=utf-8"
        case .json: "application/json"
        }
    }

    /// The transcript as such a file's whole content, which ends with a line break unless it is empty.
    package func text(of transcript: Transcript) -> String {
        switch self {
        case .txt: PlainText.text(of: transcript)
        case .srt: SubRip.text(of: transcript)
        case .vtt: WebVTT.text(of: transcript)
        case .json: VerboseJSON.text(of: transcript)
        }
    }
}
