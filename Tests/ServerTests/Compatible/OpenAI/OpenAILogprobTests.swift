import Foundation
import Testing
import Transcripts

@testable import Server

struct OpenAILogprobTests {
    private func segment(_ text: String, _ words: (String, Double)..., logProbability: Double? = -0.5) -> Segment {
        Segment(
            start: .zero,
            end: Timestamp(milliseconds: 1000),
            text: text,
            averageLogProbability: logProbability,
            words: words.isEmpty ? nil : words.map { Word(start: .zero, end: .zero, text: $0.0, probability: $0.1) }
        )
    }

    @Test("a token is a word with the space before it, its log probability and its bytes")
    func words() {
        let tokens = OpenAILogprob.tokens(of: segment("Grüß Gott.", ("Grüß", 1), ("Gott.", 0.5)), text: " Grüß Gott.")
        #expect(tokens.map(\.token) == [" Grüß", " Gott."])
        #expect(tokens.map(\.logprob) == [0, log(0.5)])
        #expect(tokens[0].bytes == [0x20, 0x47, 0x72, 0xC3, 0xBC, 0xC3, 0x9F])
    }

    @Test("tokens make up the text, whatever the words are")
    func joined() {
        let cases = [
            segment("今日は晴れ。", ("今日は", 0.9), ("晴れ。", 0.8)), segment("no words"), segment("one two three", ("one", 0.9), ("three", 0.8)),
            segment("one two", ("one", 0.9), ("another", 0.8)), segment("a 👩‍👩‍👧 b", ("a", 1), ("👩‍👩‍👧", 0), ("b", 1)), segment("word", ("rd", 1)),
        ]
        for segment in cases {
            for text in [segment.text, " " + segment.text] {
                let tokens = OpenAILogprob.tokens(of: segment, text: text)
                #expect(tokens.map(\.token).joined() == text)
                #expect(tokens.flatMap(\.bytes) == Array(text.utf8))
                #expect(tokens.allSatisfy { $0.logprob.isFinite && $0.logprob <= 0 })
            }
        }
    }
}
