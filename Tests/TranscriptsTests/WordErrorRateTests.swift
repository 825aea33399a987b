import Testing
import Transcripts

@Suite struct WordErrorRateTests {
    @Test(
        "case, punctuation and white space do not count",
        arguments: [
            ("Close the file again.", "close  the FILE,\nagain"),
            ("Don't go.", "don’t go"), ("Öffne das Fenster.", "o\u{308}ffne das fenster"),
            ("¿Cómo estás?", "cómo estás"), ("A well-known 'song'.", "a well known song"), ("", " . "),
        ]
    )
    func normalised(reference: String, hypothesis: String) {
        #expect(WordErrorRate(reference: reference, hypothesis: hypothesis).errors == 0)
    }

    @Test(
        "each word put in, left out or replaced is one error",
        arguments: [
            ("the cat sat", "the cat", 1), ("the cat", "the black cat", 1), ("the cat sat", "the dog sat", 1), ("one two three", "", 3),
            ("", "one two", 2), ("one two three four", "two three four five", 2), ("a b c", "c b a", 2),
        ]
    )
    func edits(reference: String, hypothesis: String, errors: Int) {
        #expect(WordErrorRate(reference: reference, hypothesis: hypothesis).errors == errors)
    }

    @Test(
        "errors are distinguished: replaced, inserted, left out",
        arguments: [
            ("the cat sat", "the dog sat", [1, 0, 0]), ("the cat", "the black cat", [0, 1, 0]), ("the cat sat", "the cat", [0, 0, 1]),
            ("one two three four", "two three four five", [0, 1, 1]), ("", "one two", [0, 2, 0]), ("a b c d", "x b y", [2, 0, 1]),
        ]
    )
    func kinds(reference: String, hypothesis: String, counts: [Int]) {
        let rate = WordErrorRate(reference: reference, hypothesis: hypothesis)
        #expect([rate.substitutions, rate.insertions, rate.deletions] == counts)
    }

    @Test("the number of errors is that of the plain, quadratic method", arguments: 0..<60)
    func plainMethod(seed: Int) {
        var random = SplitMix(state: UInt64(seed))
        let (said, recognized) = (words(upTo: 120, &random), words(upTo: 120, &random))
        let rate = WordErrorRate(reference: said.joined(separator: " "), hypothesis: recognized.joined(separator: " "))
        #expect(rate.errors == distance(said, recognized))
        #expect(rate.insertions - rate.deletions == recognized.count - said.count)
        #expect(rate.words == said.count)
    }

    @Test("a day's recording is compared in the memory of its few errors")
    func long() {
        let said = (0..<30_000).map { "w\($0 % 977)" }
        var recognized = said
        recognized[20_000] = "x"
        recognized.remove(at: 21_000)
        recognized.insert("y", at: 22_000)
        let rate = WordErrorRate(reference: said.joined(separator: " "), hypothesis: recognized.joined(separator: " "))
        #expect([rate.substitutions, rate.insertions, rate.deletions, rate.words] == [1, 1, 1, 30_000])
    }

    @Test(
        "scripts without spaces are counted by characters, and full-width letters are letters",
        arguments: [
            ("你好世界。", "你好 世界", 0, 4), ("今天天气", "今天天汽", 1, 4), ("ありがとう", "ありがと", 1, 5), ("สวัสดี", "สวัสดี!", 0, 4),
            ("안녕하세요 여러분", "안녕하세요, 여러분!", 0, 2), ("ＡＢＣ１２", "abc12", 0, 1), ("用AI工作", "用 ai 工作", 0, 4),
        ]
    )
    func unspaced(reference: String, hypothesis: String, errors: Int, words: Int) {
        let rate = WordErrorRate(reference: reference, hypothesis: hypothesis)
        #expect(rate.errors == errors)
        #expect(rate.words == words)
    }

    private func words(upTo count: Int, _ random: inout SplitMix) -> [String] {
        (0..<Int.random(in: 0...count, using: &random)).map { _ in "\(Int.random(in: 0...9, using: &random))" }
    }

    private func distance(_ from: [String], _ to: [String]) -> Int {
        var table = [Array(0...to.count)]
        for (row, word) in from.enumerated() {
            var cells = [row + 1]
            for (column, other) in to.enumerated() {
                cells.append(min(table[row][column] + (word == other ? 0 : 1), table[row][column + 1] + 1, cells[column] + 1))
            }
            table.append(cells)
        }
        return table[from.count][to.count]
    }

    @Test("the rate is per word of the true text, also over several texts")
    func rate() {
        let first = WordErrorRate(reference: "one two three four", hypothesis: "one two three five")
        let second = WordErrorRate(reference: "six seven eight nine", hypothesis: "six seven eight nine")
        #expect(first.rate == 0.25)
        #expect((first + second).rate == 0.125)
    }

    @Test("text in silence is wholly wrong, and no text is right")
    func silence() {
        #expect(WordErrorRate(reference: "", hypothesis: "Thank you.").rate == 1)
        #expect(WordErrorRate(reference: "", hypothesis: "").rate == 0)
    }
}
