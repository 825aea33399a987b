import Foundation
import Transcripts

/// The stored form of a segment's words: a JSON array of `[start ms, end ms, text, probability]`.
enum StoredWords {
    private struct Entry: Codable {
        let word: Word

        init(_ word: Word) { self.word = word }

        init(from decoder: any Decoder) throws {
            var fields = try decoder.unkeyedContainer()
            word = Word(
                start: try fields.decode(Timestamp.self),
                end: try fields.decode(Timestamp.self),
                text: try fields.decode(String.self),
                probability: try fields.decode(Double.self)
            )
        }

        func encode(to encoder: any Encoder) throws {
            var fields = encoder.unkeyedContainer()
            try fields.encode(word.start)
            try fields.encode(word.end)
            try fields.encode(word.text)
            try fields.encode(word.probability)
        }
    }

    /// The word as it is stored: more than four digits of a probability mean nothing.
    static func stored(_ word: Word) -> Word {
        var word = word
        word.probability = (word.probability * 10_000).rounded() / 10_000
        return word
    }

    static func text(_ words: [Word]) throws -> String {
        String(decoding: try JSONEncoder().encode(words.map(Entry.init)), as: UTF8.self)
    }

    static func words(_ text: String) throws -> [Word] {
        try JSONDecoder().decode([Entry].self, from: Data(text.utf8)).map(\.word)
    }
}
