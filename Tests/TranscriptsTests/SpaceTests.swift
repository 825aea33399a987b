import Testing

@testable import Transcripts

struct SpaceTests {
    @Test(
        "texts are trimmed, and spaced once",
        arguments: [
            ("one two", "one two", "one two"), (" one  two ", "one  two", "one two"), ("one\ttwo\n", "one\ttwo", "one two"),
            ("\u{A0}é\u{3000}", "é", "é"), ("é  ü", "é  ü", "é ü"), ("one ", "one", "one"), ("", "", ""), (" ", "", ""),
            ("\u{85}a", "a", "a"),
        ]
    )
    func spaces(text: String, trimmed: String, spacedOnce: String) {
        #expect(text.trimmed == trimmed)
        #expect(text.singleSpaced == spacedOnce)
    }
}
