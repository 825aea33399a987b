import Foundation

/// A file format for transcripts.
package enum TranscriptFormat: String, CaseIterable, Sendable {
    /// Plain text, a line for each segment.
    case txt
    /// SubRip subtitles.
    case srt
    /// WebVTT subtitles, which browsers show.
    case vtt
    /// Advanced SubStation Alpha subtitles.
    case ass
    /// The W3C's Timed Text, which broadcasters use.
    case ttml
    /// Lyrics, which music players show.
    case lrc
    /// A table with tabulators, for programs.
    case tsv
    /// A table with commas, for spreadsheets.
    case csv
    /// Markdown in paragraphs.
    case md
    /// A word processor's document.
    case docx
    /// Text, times and measures, in the shape of OpenAI's `verbose_json`.
    case json

    /// The file name's extension, without a dot.
    package var fileExtension: String { rawValue }

    /// The media type for HTTP.
    package var mediaType: String {
        switch self {
        case .txt: "text/plain; charset=utf-8"
        case .srt: "application/x-subrip; charset=utf-8"
        case .vtt: "text/vtt; charset=utf-8"
        case .ass: "text/x-ssa; charset=utf-8"
        case .ttml: "application/ttml+xml"
        case .lrc: "application/lrc; charset=utf-8"
        case .tsv: "text/tab-separated-values; charset=utf-8"
        case .csv: "text/csv; charset=utf-8; header=present"
        case .md: "text/markdown; charset=utf-8"
        case .docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
        case .json: "application/json"
        }
    }

    /// The name for users.
    package var name: String {
        switch self {
        case .txt: "Plain text"
        case .srt: "SubRip"
        case .vtt: "WebVTT"
        case .ass: "SubStation Alpha"
        case .ttml: "Timed Text"
        case .lrc: "Lyrics"
        case .tsv: "Tab-separated table"
        case .csv: "Spreadsheet"
        case .md: "Markdown"
        case .docx: "Word document"
        case .json: "JSON"
        }
    }

    /// Its purpose, in one line.
    package var summary: String {
        switch self {
        case .txt: "The text alone, a line for each segment."
        case .srt: "Subtitles that nearly every player understands."
        case .vtt: "Subtitles for web pages, with speakers and word times."
        case .ass: "Subtitles for players and editors that style them."
        case .ttml: "Subtitles in the W3C's format, for broadcasters and streaming."
        case .lrc: "Lines with times for music players, word by word where known."
        case .tsv: "Start, end (milliseconds) and text, for programs."
        case .csv: "Start, end (seconds), speaker and text, for Excel and the like."
        case .md: "Paragraphs with speakers and times, for notes and wikis."
        case .docx: "Paragraphs with speakers and times, for Word and LibreOffice."
        case .json: "Everything that is known, in the shape of OpenAI's verbose_json."
        }
    }

    /// The transcript as the content of a file; text is UTF-8 and ends with a line break unless it is empty.
    ///
    /// - Parameters:
    ///   - title: the title for formats that have one, such as the recording's name; nil for "Transcript".
    ///   - captions: how subtitles (``srt``, ``vtt``, ``ass``, ``ttml``) are cut and timed; nil for a subtitle for each segment, in one line.
    package func data(of transcript: Transcript, title: String? = nil, captions: CaptionRules? = CaptionRules()) -> Data {
        switch self {
        case .txt: Data(PlainText.text(of: transcript).utf8)
        case .srt: Data(SubRip.text(of: transcript.captions(captions, namesSpeakers: true)).utf8)
        case .vtt: Data(WebVTT.text(of: transcript.captions(captions)).utf8)
        case .ass: Data(SubStationAlpha.text(of: transcript.captions(captions), title: title).utf8)
        case .ttml: Data(TimedText.text(of: transcript.captions(captions), language: transcript.textLanguage, title: title).utf8)
        case .lrc: Data(Lyrics.text(of: transcript, title: title).utf8)
        case .tsv: Data(Table.tabs(of: transcript).utf8)
        case .csv: Data(Table.commas(of: transcript).utf8)
        case .md: Data(Markdown.text(of: transcript, title: title).utf8)
        case .docx: WordDocument(transcript, title: title).data
        case .json: Data(VerboseJSON.text(of: transcript).utf8)
        }
    }
}
