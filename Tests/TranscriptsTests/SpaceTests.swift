import Testing

@testable import Transcripts

struct SpaceTests {
    @Test(
        "texts are trimmed, and spaced once",
        arguments: [
            ("one two", "one two", "one two"), (" one  two ", "one  two", "one two"), ("one\ttwo\n", "one\ttwo", "one two"),
            ("\u{A0}é\u{3000}", "é", "\u{A0}é\u{3000}"), ("é  ü", "é  ü", "é ü"), ("one ", "one", "one"), ("", "", ""), (" ", "", ""),
            ("\u{85}a", "a", "a"),
        ]
    )
    func spaces(text: String, trimmed: String, spacedOnce: String) {
        #expect(text.trimmed == trimmed)
        #expect(text.singleSpaced == spacedOnce)
    }

    @Test(
        "what is meant stays: joiners, soft hyphens, directions and no-break spaces",
        arguments: [
            "می\u{200C}خواهم", "ශ්\u{200D}රී", "👨\u{200D}👩\u{200D}👧", "Donau\u{AD}dampf", "\u{200F}עברית", "un\u{2060}broken", "12\u{A0}km",
            "12\u{202F}km",
        ]
    )
    func meant(text: String) {
        #expect(text.withoutControlCharacters.singleSpaced == text)
        #expect(EditedSegment(start: .zero, end: .zero, text: text).text == text)
        #expect("\u{1}\(text)\u{7F}".withoutControlCharacters.singleSpaced == text)
    }
}
