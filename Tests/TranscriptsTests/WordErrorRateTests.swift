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

    @Test("the rate is per word of the true text, also over several texts")
    func rate() {
        let first = WordErrorRate(reference: "one two three four", hypothesis: "one two three five")
        let second = WordErrorRate(reference: "six seven eight nine", hypothesis: "six seven eight nine")
        #expect(first.rate == 0.25)
        #expect((first + second).rate == 0.125)
    }

    @Test("text where nobody spoke is wholly wrong, and no text there is right")
    func silence() {
        #expect(WordErrorRate(reference: "", hypothesis: "Thank you.").rate == 1)
        #expect(WordErrorRate(reference: "", hypothesis: "").rate == 0)
    }
}
