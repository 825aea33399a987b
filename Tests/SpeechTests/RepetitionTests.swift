import TestSupport
import Testing
import Transcripts

@testable import Speech

@Suite("Repetition")
struct RepetitionTests {
    @Test("a sentence that comes over and over is left once, the rest is taken out in order and whole")
    func sentences() {
        let loop = segments(["Good morning."] + Array(repeating: "I don't know what to say.", count: 9) + ["Good night."])
        let (kept, removed) = RepetitionGate().sift(loop)
        #expect(kept.map(\.text) == ["Good morning.", "I don't know what to say.", "Good night."])
        #expect(removed.map(\.segment) == Array(loop[2..<10]))
        #expect(removed.allSatisfy { $0.reason == .repetition })
    }

    @Test("two sentences that take turns are a loop as well")
    func turns() {
        let (kept, removed) = RepetitionGate().sift(segments((0..<12).map { $0 % 2 == 0 ? "Are you ready?" : "Yes, I am ready." }))
        #expect(kept.map(\.text) == ["Are you ready?", "Yes, I am ready."])
        #expect(removed.count == 10)
    }

    @Test("a phrase that comes over and over within a sentence is left once")
    func phrase() {
        let text = "We went on " + Array(repeating: "and on and", count: 20).joined(separator: " ") + " home."
        let (kept, removed) = RepetitionGate().sift(segments([text]))
        #expect(kept.count == 1 && removed.count == 1)
        #expect(kept[0].text.hasPrefix("We went on") && kept[0].text.hasSuffix("home."))
        #expect(kept[0].text.count < 40)
        #expect(removed[0].segment.start >= kept[0].start && removed[0].segment.end <= kept[0].end)
    }

    @Test("words keep their times when a phrase is taken out")
    func words() {
        var segment = Segment(
            start: .zero,
            end: Timestamp(milliseconds: 12_000),
            text: Array(repeating: "over there", count: 12).joined(separator: " ")
        )
        segment.words = segment.text.split(separator: " ").enumerated().map { place, text in
            Word(
                start: Timestamp(milliseconds: place * 500),
                end: Timestamp(milliseconds: place * 500 + 400),
                text: String(text),
                probability: 1
            )
        }
        let (kept, removed) = RepetitionGate().sift([segment])
        #expect(kept.map(\.text) == ["over there"] && kept[0].words?.count == 2)
        #expect(removed.first?.segment.words?.count == 22)
        #expect(removed.first?.segment.start == Timestamp(milliseconds: 1000))
        #expect(kept[0].end == Timestamp(milliseconds: 1000))
    }

    @Test(
        "what people repeat stays",
        arguments: [
            ["No, no, no."], ["No, no, no, no, no, no."], ["Yes.", "Yes.", "Yes.", "Yes.", "Yes.", "Yes."], ["Ten, ten, ten, ten, eleven."],
            ["Nine, eight, one, one, one hundred."], ["La la la la la la la la la."],
            ["Row, row, row your boat.", "Row, row, row your boat."],
        ]
    )
    func said(_ texts: [String]) {
        let said = segments(texts)
        let (kept, removed) = RepetitionGate().sift(said)
        #expect(kept == said && removed.isEmpty)
    }

    @Test("what is said in the recordings stays", arguments: Recordings.all)
    func recordings(_ recording: Recording) {
        let said = recording.sentences.map { Segment(start: $0.start, end: $0.end, text: $0.text) }
        let (kept, removed) = RepetitionGate().sift(said)
        #expect(kept == said && removed.isEmpty)
    }

    @Test("nothing is nothing")
    func empty() {
        let (kept, removed) = RepetitionGate().sift([])
        #expect(kept.isEmpty && removed.isEmpty)
    }

    /// What Python's `zlib.compress` makes of the same texts.
    @Test(
        "the compression ratio is OpenAI's: the length in UTF-8 over that of Python's zlib.compress(text)",
        arguments: [
            ("The music is on Tuesday at eight.", 33, 41), ("Müde 日本語 🎧 ñ", 23, 34), ("a", 1, 9),
            (Array(repeating: "I don't know. ", count: 20).joined(), 280, 26),
            (Array(repeating: "la ", count: 60).joined(), 180, 14),
        ]
    )
    func ratio(_ text: String, _ bytes: Int, _ compressed: Int) {
        #expect(CompressionRatio.of(text) == Double(bytes) / Double(compressed))
    }

    @Test("a minute of the recordings' speech is far from the threshold, a loop far beyond it")
    func ratios() {
        let speech = Recordings.named("long-en.wav").sentences.prefix(9).map(\.text).joined(separator: " ")
        #expect(CompressionRatio.of(speech) < CompressionRatio.threshold)
        #expect(CompressionRatio.of(Array(repeating: "Thank you. ", count: 12).joined()) > CompressionRatio.threshold)
        #expect(CompressionRatio.of("") == 0)
    }

    private func segments(_ texts: [String]) -> [Segment] {
        texts.enumerated().map { place, text in
            Segment(start: Timestamp(milliseconds: place * 2000), end: Timestamp(milliseconds: place * 2000 + 1800), text: text)
        }
    }
}
