import Foundation
import Testing
import Transcripts

@Suite struct WrittenTextTests {
    private let transcript: Transcript = {
        var one = Segment(start: .zero, end: Timestamp(milliseconds: 1500), text: "Salt & <pepper>.")
        var two = Segment(start: Timestamp(milliseconds: 2000), end: Timestamp(milliseconds: 4000), text: "3 < 4, isn't it?")
        (one.speaker, two.speaker) = ("Speaker 1", "Speaker 2")
        return Transcript(language: Language(code: "en"), duration: Timestamp(milliseconds: 4250), segments: [one, two])
    }()

    @Test("what Earshot writes, it reads back as the same words", arguments: [TranscriptFormat.txt, .vtt, .json])
    func roundTrip(format: TranscriptFormat) throws {
        let text = try WrittenText.text(of: format.data(of: transcript), named: "talk.\(format.fileExtension)")
        #expect(text.split(whereSeparator: \.isWhitespace).joined(separator: " ") == transcript.text)
    }

    @Test("SubRip's numbers, times, markup and names are no text; its line breaks may be Windows'")
    func subRip() throws {
        let first = "1\r\n00:00:00,000 --> 00:00:01,500\r\n<i>Speaker 1: Hello</i>\r\n{\\an8}again.\r\n"
        let file = "\u{FEFF}" + first + "\r\n2\r\n00:00:02,000 --> 00:00:03,000\r\n42\r\n"
        #expect(try WrittenText.text(of: Data(file.utf8), named: "a.srt") == "Hello\nagain.\n42")
        #expect(try WrittenText.text(of: Data(file.utf8), named: "") == "Hello\nagain.\n42")
    }

    @Test("WebVTT's header, notes, styles, names of cues, times and references are no text")
    func webVTT() throws {
        let file = """
            WEBVTT - title
            Kind: captions

            STYLE
            ::cue { color: red }

            NOTE not this

            intro
            00:00.000 --> 00:01.000 align:start
            <v Anna>Hello <00:00:00.500><c.loud>you &amp; &lt;me&gt;</c>

            00:01.000 --> 00:02.000
            Bye.
            """
        #expect(try WrittenText.text(of: Data(file.utf8), named: "a.vtt") == "Hello you & <me>\nBye.")
    }

    @Test(
        "JSON of other programs is read too",
        arguments: [
            (#"{"segments":[{"text":" One."},{"text":" Two."}]}"#, "One.\nTwo."),
            (#"{"transcription":[{"text":" One."}]}"#, "One."), (#"{"text":"One.","segments":[]}"#, "One."),
        ]
    )
    func json(file: String, text: String) throws {
        #expect(try WrittenText.text(of: Data(file.utf8), named: "a.json") == text)
    }

    @Test("JSON without a transcript is an error that says so", arguments: ["", "[]", "{}", "{\"text\":", "{\"text\":1}"])
    func badJSON(file: String) {
        #expect(throws: WrittenText.Unreadable.self) { try WrittenText.text(of: Data(file.utf8), named: "a.JSON") }
    }

    @Test("UTF-16 is read, and bytes that are no text do no harm")
    func encodings() throws {
        let data = try #require("Größe 你好".data(using: .utf16))
        #expect(try WrittenText.text(of: data, named: "a.txt") == "Größe 你好")
        #expect(try WrittenText.text(of: Data([0x41, 0xFF, 0x42]), named: "a.txt") == "A\u{FFFD}B")
    }
}
