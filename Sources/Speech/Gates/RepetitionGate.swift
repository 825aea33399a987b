import Foundation
import Transcripts

/// Removes the repetitions of a decoder that is caught in a loop, and keeps the first.
///
/// People repeat themselves too: "No, no, no", a refrain, a count. Only longer and more frequent repetitions are removed.
struct RepetitionGate: Sendable, Hashable {
    /// How many times in a row a person may say a sentence.
    var sentences = 4

    /// How many times in a row a person may say a word or phrase within a sentence.
    var phrases = 6

    /// The fewest characters in all from which on something is a loop.
    var length = 60

    /// Sorts segments into those to keep and those that only repeat them.
    func sift(_ segments: [Segment]) -> (kept: [Segment], removed: [RemovedSegment]) {
        var kept: [Segment] = []
        var removed: [RemovedSegment] = []
        var rest = segments.flatMap(split)[...]
        while let first = rest.first {
            let (period, repeats) = loop(at: rest)
            let count = repeats > 1 ? period * repeats : 1
            kept += rest.prefix(repeats > 1 ? period : 1).filter { $0.isLoop != true }.map(\.segment)
            removed += rest.prefix(count).dropFirst(repeats > 1 ? period : 1).map { RemovedSegment($0.segment, reason: .repetition) }
            if first.isLoop, repeats <= 1 { removed.append(RemovedSegment(first.segment, reason: .repetition)) }
            rest = rest.dropFirst(count)
        }
        return (kept, removed.sorted { $0.segment.start < $1.segment.start })
    }

    /// A segment with its text for comparison, or the repetitions that were split off a segment.
    private struct Candidate {
        var segment: Segment
        var text: String
        var isLoop = false
    }

    /// The number of segments that are repeated from the first one on, and how often; 1 repeat is not a loop.
    private func loop(at segments: ArraySlice<Candidate>) -> (period: Int, repeats: Int) {
        for period in 1...3 {
            let pattern = segments.prefix(period).map(\.text)
            guard pattern.count == period, pattern.contains(where: { !$0.isEmpty }) else { continue }
            var repeats = 1
            while segments.dropFirst(period * repeats).prefix(period).map(\.text) == pattern { repeats += 1 }
            guard repeats > sentences, pattern.joined().count * repeats >= length else { continue }
            return (period, repeats)
        }
        return (1, 1)
    }

    /// Splits the repetitions within a segment from it; returns the segment alone if it has none.
    private func split(_ segment: Segment) -> [Candidate] {
        let whole = Candidate(segment: segment, text: Self.compared(segment.text))
        let words = segment.text.split(separator: " ", omittingEmptySubsequences: true).map(String.init)
        let compared = words.map(Self.compared)
        guard words.count > phrases, let run = longestRun(in: compared) else { return [whole] }
        let cut = run.start + run.period
        let end = run.start + run.period * run.repeats
        var first = segment
        first.text = (words[..<cut] + words[end...]).joined(separator: " ")
        var loop = segment
        loop.text = words[cut..<end].joined(separator: " ")
        func time(_ place: Int) -> Timestamp {
            segment.start + Timestamp(milliseconds: (segment.end - segment.start).milliseconds * place / words.count)
        }
        (loop.start, loop.end) = (time(cut), time(end))
        if let timed = segment.words, timed.count == words.count {
            first.words = Array(timed[..<cut] + timed[end...])
            loop.words = Array(timed[cut..<end])
            (loop.start, loop.end) = (timed[cut].start, timed[end - 1].end)
        } else {
            (first.words, loop.words, first.wordTiming, loop.wordTiming) = (nil, nil, nil, nil)
        }
        if end == words.count { first.end = min(first.end, loop.start) }
        return [
            Candidate(segment: first, text: Self.compared(first.text)),
            Candidate(segment: loop, text: Self.compared(loop.text), isLoop: true),
        ]
    }

    /// The longest stretch of words that repeats one phrase; nil if there is no loop.
    private func longestRun(in words: [String]) -> (start: Int, period: Int, repeats: Int)? {
        var best: (start: Int, period: Int, repeats: Int)?
        for period in 1...max(1, min(20, words.count / 2)) {
            var same = 0
            for place in period...words.count {
                if place < words.count, words[place] == words[place - period] {
                    same += 1
                    continue
                }
                let repeats = same / period + 1
                let start = place - same - period
                let size = words[start..<start + period * repeats].joined(separator: " ").count
                if repeats > phrases, size >= length, repeats * period > (best.map { $0.repeats * $0.period } ?? 0) {
                    best = (start, period, repeats)
                }
                same = 0
            }
        }
        return best
    }

    private static func compared(_ text: String) -> String {
        String(text.lowercased().filter { $0.isLetter || $0.isNumber })
    }
}
