import Foundation
import Testing
import Transcripts

@Suite struct TranscriptFormatTests {
    private let transcript = Transcript(
        language: Language(code: "en"),
        duration: Timestamp(milliseconds: 4250),
        segments: [
            Segment(
                start: .zero,
                end: Timestamp(milliseconds: 1500),
                text: " Hello. ",
                averageLogProbability: -0.25,
                noSpeechProbability: 0.125
            ),
            Segment(start: Timestamp(milliseconds: 62_345), end: Timestamp(milliseconds: 3_723_004), text: "Salt & <pepper>."),
        ],
        model: "demo"
    )

    @Test("plain text has a line for each segment")
    func plainText() {
        #expect(text(.txt, transcript) == "Hello.\nSalt & <pepper>.\n")
    }

    @Test("SubRip numbers its cues and writes commas")
    func subRip() {
        let expected = """
            1
            00:00:00,000 --> 00:00:01,500
            Hello.

            2
            00:01:02,345 --> 01:02:03,004
            Salt & <pepper>.

            """
        #expect(text(.srt, transcript) == expected)
    }

    @Test("WebVTT has a header, points and escaped markup")
    func webVTT() {
        let expected = """
            WEBVTT

            00:00:00.000 --> 00:00:01.500
            Hello.

            00:01:02.345 --> 01:02:03.004
            Salt &amp; &lt;pepper&gt;.

            """
        #expect(text(.vtt, transcript) == expected)
    }

    @Test("no text can end a cue early or pass for a cue's times", arguments: [TranscriptFormat.srt, .vtt])
    func hostileText(format: TranscriptFormat) {
        let hostile = "One\n\n2\r\n00:00:01,000 --> 00:00:02,000\n \u{2028}two\u{0}\u{1B}[0m"
        let transcript = Transcript(language: nil, duration: .zero, segments: [Segment(start: .zero, end: .zero, text: hostile)])
        let written = text(format, transcript)
        #expect(written.components(separatedBy: "-->").count == 2)
        let arrow = format == .srt ? "→" : "--&gt;"
        #expect(written.hasSuffix("One 2 00:00:01,000 \(arrow) 00:00:02,000 two[0m\n"))
    }

    @Test("a segment without text makes no cue, and the numbers have no gap")
    func emptySegment() {
        var gappy = transcript
        gappy.segments.insert(Segment(start: .zero, end: .zero, text: " \n"), at: 1)
        for format in [TranscriptFormat.txt, .srt, .vtt] {
            #expect(text(format, gappy) == text(format, transcript))
        }
    }

    @Test("a recording without speech makes valid files")
    func silence() throws {
        let silence = Transcript(language: nil, duration: Timestamp(milliseconds: 10_000), segments: [])
        #expect(text(.txt, silence).isEmpty)
        #expect(text(.srt, silence).isEmpty)
        #expect(text(.vtt, silence) == "WEBVTT\n")
        let json = try decoded(text(.json, silence))
        #expect(json["text"] as? String == "")
        #expect((json["segments"] as? [Any])?.isEmpty == true)
        #expect(json["language"] == nil)
    }

    @Test("JSON has the shape of OpenAI's verbose_json")
    func json() throws {
        let json = try decoded(text(.json, transcript))
        #expect(json["task"] as? String == "transcribe")
        #expect(json["language"] as? String == "english")
        #expect(json["duration"] as? Double == 4.25)
        #expect(json["text"] as? String == "Hello. Salt & <pepper>.")
        #expect(json["words"] == nil)
        let segments = try #require(json["segments"] as? [[String: Any]])
        #expect(segments.map { $0["id"] as? Int } == [0, 1])
        #expect(segments.map { $0["start"] as? Double } == [0, 62.345])
        #expect(segments.map { $0["avg_logprob"] as? Double } == [-0.25, nil])
        #expect(segments.map { $0["no_speech_prob"] as? Double } == [0.125, nil])
        #expect(segments.map { $0["seek"] as? Int } == [0, 6234])
        #expect(segments[1].keys.sorted() == ["end", "id", "seek", "start", "text"])
    }

    @Test("JSON says who spoke which language, how the text was chosen and how words were timed, where that is known")
    func jsonExtras() throws {
        var rich = transcript
        rich.segments[0].speaker = "Speaker 1"
        rich.segments[0].language = Language(code: "de")
        rich.segments[0].compressionRatio = 1.5
        rich.segments[0].temperature = 0.2
        rich.segments[0].words = [Word(start: .zero, end: Timestamp(milliseconds: 700), text: "Hello.", probability: .nan)]
        rich.segments[0].wordTiming = .attention
        let json = try decoded(text(.json, rich))
        let segment = try #require((json["segments"] as? [[String: Any]])?.first)
        #expect(segment["speaker"] as? String == "Speaker 1")
        #expect(segment["language"] as? String == "german")
        #expect(segment["compression_ratio"] as? Double == 1.5)
        #expect(segment["temperature"] as? Double == 0.2)
        #expect(segment["word_timing"] as? String == "attention")
        let word = try #require((json["words"] as? [[String: Any]])?.first)
        #expect(word["probability"] == nil)
    }

    @Test("JSON survives measures that are no numbers, and lists words where they are known")
    func jsonWords() throws {
        var wordy = transcript
        wordy.isTranslation = true
        wordy.segments[0].averageLogProbability = -.infinity
        wordy.segments[0].noSpeechProbability = .nan
        wordy.segments[0].words = [Word(start: .zero, end: Timestamp(milliseconds: 700), text: "Hello.", probability: 0.9)]
        let json = try decoded(text(.json, wordy))
        #expect(json["task"] as? String == "translate")
        let words = try #require(json["words"] as? [[String: Any]])
        #expect(words.count == 1)
        #expect(words[0]["word"] as? String == "Hello.")
        #expect(words[0]["end"] as? Double == 0.7)
        #expect(words[0]["probability"] as? Double == 0.9)
    }

    @Test("sentences of scripts without spaces are joined without one, unless they are translated")
    func joining() {
        var chinese = transcript
        chinese.language = Language(code: "zh")
        chinese.segments[0].text = "你好。"
        chinese.segments[1].text = "再见。"
        #expect(chinese.text == "你好。再见。")
        chinese.isTranslation = true
        chinese.segments[0].text = "Hello."
        chinese.segments[1].text = "Goodbye."
        #expect(chinese.text == "Hello. Goodbye.")
    }

    @Test("a format is found by its name and says what it is")
    func names() {
        #expect(TranscriptFormat(rawValue: "vtt") == .vtt)
        #expect(TranscriptFormat(rawValue: "doc") == nil)
        let names = "txt srt vtt ass ttml lrc tsv csv md docx json"
        #expect(TranscriptFormat.allCases.map(\.rawValue).joined(separator: " ") == names)
        #expect(TranscriptFormat.vtt.mediaType.hasPrefix("text/vtt"))
        #expect(Set(TranscriptFormat.allCases.map(\.name)).count == TranscriptFormat.allCases.count)
        #expect(TranscriptFormat.allCases.allSatisfy { $0.summary.hasSuffix(".") && !$0.summary.contains("\n") })
    }

    @Test("a recording without speech, and one whose text is odd, make every kind of file", arguments: TranscriptFormat.allCases)
    func everyFormat(format: TranscriptFormat) {
        let silence = Transcript(language: nil, duration: Timestamp(milliseconds: 10_000), segments: [])
        _ = format.data(of: silence)
        for kind in RandomTranscripts.Kind.allCases {
            var random = RandomTranscripts(seed: 7)
            let data = format.data(of: random.transcript(kind), title: "A & B\n<c>")
            #expect(!data.isEmpty)
            if format != .docx { #expect(String(data: data, encoding: .utf8)?.last?.isNewline == true) }
        }
    }

    private func text(_ format: TranscriptFormat, _ transcript: Transcript) -> String {
        String(decoding: format.data(of: transcript, captions: nil), as: UTF8.self)
    }

    private func decoded(_ text: String) throws -> [String: Any] {
        try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }
}
