import Foundation
import SystemPackage
import TestSupport
import Testing
import Transcripts

@testable import Speech

@Suite("Words")
struct WordTests {
    @Test(
        "are put together of tokens at white space, with their punctuation",
        arguments: [
            ([" Close", " the", " fi", "le", " again", "."], ["Close", "the", "file", "again."]),
            ([" It", "'s", " 3", ".", "5", " well", "-", "known", "!"], ["It's", "3.5", "well-known!"]),
            (["¿", "Dón", "de", "?", " \"", "A", "qu", "í", "\"."], ["¿Dónde?", "\"Aquí\"."]),
            ([" wait", " ...", " what", " –", " yes"], ["wait ...", "what –", "yes"]),
            ([" -", " Yes", "."], ["- Yes."]),
            ([" He", " said", " (", "quiet", "ly", ")"], ["He", "said", "(quietly)"]),
            ([], []),
            ([" ..."], ["..."]),
        ]
    )
    func spaces(_ tokens: [String], _ words: [String]) {
        #expect(SpelledWord.words(of: tokens.map(token)).map(\.text) == words)
    }

    @Test(
        "of scripts without spaces are what the tokens are, by whole characters",
        arguments: [
            (["今日", "は", "いい", "天", "気", "です", "。"], ["今日", "は", "いい", "天", "気", "です。"]),
            (["「", "你好", "」", "，", "他", "说", "。"], ["「你好」，", "他", "说。"]),
            (["私", "の", "i", "Phone", "は"], ["私", "の", "iPhone", "は"]),
            (["สวัส", "ดี", "ค", "รับ"], ["สวัส", "ดี", "ค", "รับ"]),
            (["ก", "ำ", "ลัง"], ["กำ", "ลัง"]),
            ([" 안녕", "하", "세요", " 여러분"], ["안녕하세요", "여러분"]),
        ]
    )
    func characters(_ tokens: [String], _ words: [String]) {
        #expect(SpelledWord.words(of: tokens.map(token)).map(\.text) == words)
    }

    @Test("hold no half characters, wherever the engine splits them, also between segments")
    func splitCharacters() {
        let text = " Müde 日本語 🎧 ñ"
        let bytes = Array(text.utf8)
        for first in 0...bytes.count {
            for second in first...bytes.count {
                var characters = SegmentText()
                let parts = [bytes[..<first], bytes[first..<second], bytes[second...]].map { token(characters.append($0)) }
                let words = SpelledWord.words(of: parts)
                #expect(words.allSatisfy { !$0.text.contains("\u{FFFD}") && !$0.text.isEmpty })
                #expect(words.map(\.text).joined().filter { !$0.isWhitespace } == text.filter { !$0.isWhitespace })
            }
        }
    }

    @Test("are as probable as their tokens on the mean")
    func probability() {
        var (certain, doubtful) = (token(" fi"), token("le"))
        (certain.probability, doubtful.probability) = (1, 0.5)
        #expect(SpelledWord.words(of: [certain, doubtful]).map(\.probability) == [0.75])
    }

    @Test("begin and end at the edges of their sound, in order, inside the segment", arguments: [0, 400])
    func aligner(_ start: Int) {
        // Three tones of 300 ms with pauses of 200 ms, 100 ms after the segment's start.
        let samples = (0..<(start + 2000) * 16).map { place -> Float in
            let time = Double(place) / 16 - Double(start) - 100
            let isTone = time >= 0 && time < 1300 && time.truncatingRemainder(dividingBy: 500) < 300
            return isTone ? Float(0.4 * sin(2 * .pi * 200 * time / 1000)) : 0
        }
        let words = SpelledWord.words(of: [" one,", " two,", " six"].map(token))
        let times = WordAligner(Loudness(samples)).times(of: words, from: start, to: start + 1600)
        for (time, expected) in zip(times, [100, 600, 1100]) {
            #expect(abs(time.start - start - expected) <= 40 && abs(time.end - start - expected - 300) <= 40, "\(times)")
        }
    }

    @Test("are timed in order and inside any segment, however short or silent", arguments: [0, 10, 30, 500, 30_000])
    func sanity(_ length: Int) {
        let words = SpelledWord.words(of: (0..<12).map { token(" word\($0)") })
        for level in [Float(0), 0.5] {
            let loudness = Loudness((0..<length * 16).map { $0 / 800 % 3 == 0 ? level : level / 100 })
            let times = WordAligner(loudness).times(of: words, from: 0, to: length)
            #expect(times.count == words.count)
            #expect(times.allSatisfy { 0 <= $0.start && $0.start <= $0.end && $0.end <= length })
            #expect(zip(times, times.dropFirst()).allSatisfy { $0.end <= $1.start })
        }
    }

    @Test("and segments are timed as they are spoken: within 0.3 s, but for a few words in lists of numbers")
    func truth() async throws {
        let table = try Data(contentsOf: URL(filePath: Recordings.path("word-times.json").string))
        let truth = try JSONDecoder().decode([String: [SpokenWord]].self, from: table)
        let recognizer = try await DemoRecognizer.make()
        var (errors, misses) = ([Double](), 0)
        for recording in Recordings.short + Recordings.clips {
            var options = RecognitionOptions(language: recording.language)
            options.wordTimes = true
            let block = try await recognizer.recognize(DemoRecognizer.block(recording.name), options: options)
            for segment in block.segments {
                #expect(segment.wordTiming == .tokens)
                let words = try #require(segment.words)
                #expect(words.map(\.text).joined(separator: " ") == segment.text)
                #expect(
                    words.allSatisfy { $0.start <= $0.end && segment.start <= $0.start && $0.end <= segment.end && 0...1 ~= $0.probability }
                )
                #expect(zip(words, words.dropFirst()).allSatisfy { $0.end <= $1.start })
            }
            for (said, recognized) in SpokenWord.pairs(try #require(truth[recording.name]), block.segments.flatMap { $0.words ?? [] }) {
                let error = max(abs(recognized.start.seconds - said.start), abs(recognized.end.seconds - said.end))
                errors.append(error)
                misses += error > 0.3 ? 1 : 0
            }
            for sentence in recording.sentences {
                guard let recognized = block.segments.first(where: { $0.text == sentence.text }) else { continue }
                #expect(
                    abs(recognized.start.seconds - sentence.start.seconds) <= 0.3
                        && abs(recognized.end.seconds - sentence.end.seconds) <= 0.3
                )
            }
        }
        #expect(errors.count > 200)
        #expect(errors.reduce(0, +) / Double(errors.count) < 0.15, "\(errors.reduce(0, +) / Double(errors.count))")
        #expect(misses * 100 <= errors.count * 7, "\(misses) of \(errors.count), up to \(errors.max() ?? 0) s")
    }

    private func token(_ text: String) -> DecodedToken {
        DecodedToken(text: text, probability: 1, logProbability: 0, attended: nil)
    }
}

/// A word with the times in seconds at which the speech synthesizer says that it spoke it.
private struct SpokenWord: Decodable {
    let text: String
    let start, end: Double

    init(from decoder: any Decoder) throws {
        var fields = try decoder.unkeyedContainer()
        text = try fields.decode(String.self)
        start = try fields.decode(Double.self)
        end = try fields.decode(Double.self)
    }

    /// The correctly recognized words, in the longest common order.
    static func pairs(_ said: [SpokenWord], _ recognized: [Word]) -> [(SpokenWord, Word)] {
        func same(_ left: Int, _ right: Int) -> Bool {
            SpokenWords.words(of: said[left].text) == SpokenWords.words(of: recognized[right].text)
        }
        var lengths = Array(repeating: Array(repeating: 0, count: recognized.count + 1), count: said.count + 1)
        for left in said.indices.reversed() {
            for right in recognized.indices.reversed() {
                lengths[left][right] =
                    same(left, right) ? lengths[left + 1][right + 1] + 1 : max(lengths[left + 1][right], lengths[left][right + 1])
            }
        }
        var (left, right, pairs) = (0, 0, [(SpokenWord, Word)]())
        while left < said.count, right < recognized.count {
            if same(left, right) {
                pairs.append((said[left], recognized[right]))
                (left, right) = (left + 1, right + 1)
            } else if lengths[left + 1][right] >= lengths[left][right + 1] {
                left += 1
            } else {
                right += 1
            }
        }
        return pairs
    }
}
