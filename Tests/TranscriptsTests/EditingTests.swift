import Testing
import Transcripts

@Suite("Edited text") struct EditingTests {
    private func word(_ text: String, _ start: Int, _ end: Int, _ probability: Double = 0.5) -> Word {
        Word(start: Timestamp(milliseconds: start), end: Timestamp(milliseconds: end), text: text, probability: probability)
    }

    private func segment(_ start: Int, _ end: Int, _ words: [Word], timing: WordTiming = .attention) -> Segment {
        var segment = Segment(
            start: Timestamp(milliseconds: start),
            end: Timestamp(milliseconds: end),
            text: words.map(\.text).joined(separator: " "),
            averageLogProbability: -0.25,
            words: words
        )
        segment.wordTiming = timing
        return segment
    }

    private func edit(_ start: Int, _ end: Int, _ text: String, speaker: String? = nil) -> EditedSegment {
        EditedSegment(start: Timestamp(milliseconds: start), end: Timestamp(milliseconds: end), text: text, speaker: speaker)
    }

    private var original: [Segment] {
        [
            segment(0, 1000, [word("The", 0, 200), word("quick", 200, 500), word("fox.", 600, 1000)]),
            segment(2000, 3000, [word("It", 2000, 2200), word("jumps.", 2300, 3000)], timing: .tokens),
        ]
    }

    @Test("an unchanged segment keeps everything, also when its speaker gets a name")
    func untouched() {
        let edited = [edit(0, 1000, "The quick fox."), edit(2000, 3000, "It jumps.", speaker: "Anna")]
        let made = EditedSegment.segments(edited, editedFrom: original)
        #expect(made[0] == original[0])
        var named = original[1]
        named.speaker = "Anna"
        #expect(made[1] == named)
    }

    @Test("words that stay keep their times, new ones share the gap, and what the machine thought of the old text is forgotten")
    func replaced() throws {
        let made = EditedSegment.segments([edit(0, 1000, "The slow old fox."), edit(2000, 3000, "It jumps.")], editedFrom: original)
        #expect(
            made[0].words == [word("The", 0, 200), word("slow", 200, 428, 1), word("old", 428, 600, 1), word("fox.", 600, 1000)]
        )
        #expect(made[0].wordTiming == .attention)
        #expect(made[0].averageLogProbability == nil)
        #expect(made[1] == original[1])
    }

    @Test("a different case or comma is the same word with the same time")
    func punctuation() {
        let made = EditedSegment.segments([edit(0, 1000, "the quick, FOX!")], editedFrom: original)
        #expect(made[0].words == [word("the", 0, 200), word("quick,", 200, 500), word("FOX!", 600, 1000)])
    }

    @Test("a segment that is divided, and segments that become one, keep their words' times")
    func divided() {
        let divided = EditedSegment.segments([edit(0, 550, "The quick"), edit(550, 1000, "fox.")], editedFrom: original)
        #expect(divided.map(\.words) == [[word("The", 0, 200), word("quick", 200, 500)], [word("fox.", 600, 1000)]])
        let joined = EditedSegment.segments([edit(0, 3000, "The quick fox. It jumps.")], editedFrom: original)
        #expect(joined[0].words == original.flatMap { $0.words ?? [] })
    }

    @Test("words keep inside the times that their segment has now")
    func moved() throws {
        let made = EditedSegment.segments([edit(100, 400, "The quick fox.")], editedFrom: original)
        let words = try #require(made[0].words)
        #expect(words.map(\.text) == ["The", "quick", "fox."])
        #expect(words.allSatisfy { $0.start.milliseconds >= 100 && $0.end.milliseconds <= 400 && $0.start <= $0.end })
    }

    @Test("text without old words gets words, and text in scripts without spaces a word for each character")
    func new() throws {
        let made = EditedSegment.segments([edit(5000, 5400, "Well done")], editedFrom: original)
        #expect(made[0].words == [word("Well", 5000, 5200, 1), word("done", 5200, 5400, 1)])
        let chinese = EditedSegment.segments([edit(0, 800, "你们好")], editedFrom: [segment(0, 800, [word("你好", 0, 800, 0.9)])])
        #expect(chinese[0].words?.map(\.text) == ["你", "们", "好"])
        #expect(chinese[0].words?.first?.end == Timestamp(milliseconds: 400))
        #expect(chinese[0].words?.last?.start == Timestamp(milliseconds: 400))
    }

    @Test("without words in the old text there are none in the new one")
    func wordless() {
        var plain = original
        for index in plain.indices { (plain[index].words, plain[index].wordTiming) = (nil, nil) }
        let made = EditedSegment.segments([edit(0, 1000, "The slow fox."), edit(2000, 3000, "It jumps.")], editedFrom: plain)
        #expect(made.allSatisfy { $0.words == nil && $0.wordTiming == nil })
        #expect(made[1] == plain[1])
    }

    @Test("segments stand in the order of their times, and white space is no text")
    func order() {
        let made = EditedSegment.segments([edit(2000, 3000, "  b \n c "), edit(0, 1000, "a")], editedFrom: [])
        #expect(made.map(\.text) == ["a", "b c"])
    }

    @Test("whatever is edited, the words make up the text, in order and inside their segments", arguments: 0..<100)
    func random(seed: Int) {
        var random = SplitMix(state: UInt64(seed))
        let vocabulary = ["one", "two,", "three.", "Four", "five", "你好"]
        var time = 0
        let old = (0..<Int.random(in: 0...8, using: &random)).map { _ in
            var words: [Word] = []
            let start = time
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let end = time + Int.random(in: 0...500, using: &random)
                words.append(word(vocabulary.randomElement(using: &random) ?? "", time, end))
                time = end + Int.random(in: 0...200, using: &random)
            }
            return segment(start, time, words)
        }
        let edited = (0..<Int.random(in: 0...8, using: &random)).map { _ in
            let start = Int.random(in: 0...max(1, time), using: &random)
            let text = (0..<Int.random(in: 1...6, using: &random)).map { _ in vocabulary.randomElement(using: &random) ?? "" }
            return edit(start, start + Int.random(in: 0...2000, using: &random), text.joined(separator: " "))
        }
        for segment in EditedSegment.segments(edited, editedFrom: old) where !old.isEmpty {
            let words = segment.words ?? []
            #expect(words.map(\.text).joined() == segment.text.filter { $0 != " " })
            #expect(words.allSatisfy { $0.start <= $0.end && $0.start >= segment.start && $0.end <= segment.end })
            #expect(zip(words, words.dropFirst()).allSatisfy { $0.end <= $1.start })
        }
    }

    @Test("a long text that is wholly rewritten is not compared word by word")
    func longText() {
        let words = (0..<30_000).map { word("w\($0)", $0 * 10, $0 * 10 + 10) }
        let text = (0..<30_000).map { "x\($0)" }.joined(separator: " ")
        let made = EditedSegment.segments([edit(0, 300_000, text)], editedFrom: [segment(0, 300_000, words)])
        #expect(made[0].words?.count == 30_000)
        #expect(made[0].words?.last?.end == Timestamp(milliseconds: 300_000))
    }

    @Test("a stretch that is said anew takes the place of what has its middle there")
    func stretch() {
        let old = [(0, 1000, "a"), (1000, 3000, "b"), (3000, 4000, "c")].map { segment($0.0, $0.1, [word($0.2, $0.0, $0.1)]) }
        let new = [segment(1500, 2500, [word("B", 1500, 2500)])]
        let made = old.replacing(from: Timestamp(milliseconds: 1500), to: Timestamp(milliseconds: 2600), with: new)
        #expect(made.map(\.text) == ["a", "B", "c"])
        #expect(old.replacing(from: .zero, to: Timestamp(milliseconds: .max), with: []) == [])
        #expect(old.replacing(from: .zero, to: .zero, with: new).map(\.text) == ["a", "b", "B", "c"])
    }
}
