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
        #expect(TranscriptFormat.txt.text(of: transcript) == "Hello.\nSalt & <pepper>.\n")
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
        #expect(TranscriptFormat.srt.text(of: transcript) == expected)
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
        #expect(TranscriptFormat.vtt.text(of: transcript) == expected)
    }

    @Test("no text can end a cue early or pass for a cue's times", arguments: [TranscriptFormat.srt, .vtt])
    func hostileText(format: TranscriptFormat) {
        let text = "One\n\n2\r\n00:00:01,000 --> 00:00:02,000\n \u{2028}two"
        let hostile = Transcript(language: nil, duration: .zero, segments: [Segment(start: .zero, end: .zero, text: text)])
        let written = format.text(of: hostile)
        #expect(written.components(separatedBy: "-->").count == 2)
        #expect(written.hasSuffix("One\n2\n00:00:01,000 → 00:00:02,000\ntwo\n"))
    }

    @Test("a segment without text makes no cue, and the numbers have no gap")
    func emptySegment() {
        var gappy = transcript
        gappy.segments.insert(Segment(start: .zero, end: .zero, text: " \n"), at: 1)
        for format in [TranscriptFormat.txt, .srt, .vtt] {
            #expect(format.text(of: gappy) == format.text(of: transcript))
        }
    }

    @Test("a recording in which nobody speaks makes valid files")
    func silence() throws {
        let silence = Transcript(language: nil, duration: Timestamp(milliseconds: 10_000), segments: [])
        #expect(TranscriptFormat.txt.text(of: silence).isEmpty)
        #expect(TranscriptFormat.srt.text(of: silence).isEmpty)
        #expect(TranscriptFormat.vtt.text(of: silence) == "WEBVTT\n")
        let json = try decoded(TranscriptFormat.json.text(of: silence))
        #expect(json["text"] as? String == "")
        #expect((json["segments"] as? [Any])?.isEmpty == true)
        #expect(json["language"] == nil)
    }

    @Test("JSON has the shape of OpenAI's verbose_json")
    func json() throws {
        let json = try decoded(TranscriptFormat.json.text(of: transcript))
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
    }

    @Test("JSON survives measures that are no numbers, and lists words where they are known")
    func jsonWords() throws {
        var wordy = transcript
        wordy.isTranslation = true
        wordy.segments[0].averageLogProbability = -.infinity
        wordy.segments[0].noSpeechProbability = .nan
        wordy.segments[0].words = [Word(start: .zero, end: Timestamp(milliseconds: 700), text: "Hello.", probability: 0.9)]
        let json = try decoded(TranscriptFormat.json.text(of: wordy))
        #expect(json["task"] as? String == "translate")
        let words = try #require(json["words"] as? [[String: Any]])
        #expect(words.count == 1)
        #expect(words[0]["word"] as? String == "Hello.")
        #expect(words[0]["end"] as? Double == 0.7)
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

    @Test("a format is found by its name and says how its file ends")
    func names() {
        #expect(TranscriptFormat(rawValue: "vtt") == .vtt)
        #expect(TranscriptFormat(rawValue: "doc") == nil)
        #expect(TranscriptFormat.allCases.map(\.fileExtension) == ["txt", "srt", "vtt", "json"])
        #expect(TranscriptFormat.vtt.mediaType.hasPrefix("text/vtt"))
    }

    private func decoded(_ text: String) throws -> [String: Any] {
        try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }
}
