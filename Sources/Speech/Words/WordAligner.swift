import Foundation

/// Finds the times of a segment's words: from the pauses in the sound, from the length of each word, and from the decoder's attention where
/// that is known.
///
/// The best division of the segment into its words is found by dynamic programming over moments of 20 milliseconds.
struct WordAligner {
    /// The length of a moment in milliseconds.
    private static let step = 20

    /// The shortest pause, in moments.
    private static let pause = 5

    private let loudness: Loudness

    init(_ loudness: Loudness) {
        self.loudness = loudness
    }

    /// The start and end of each word in milliseconds; in order, inside the segment and without overlap.
    func times(of words: [SpelledWord], from start: Int, to end: Int) -> [(start: Int, end: Int)] {
        guard !words.isEmpty else { return [] }
        let profile = LoudnessProfile(loudness, from: start, to: end, step: Self.step, pause: Self.pause)
        let weights = words.map { Self.weight(of: $0.text) }
        let anchors = words.map { word in word.tokens.first { $0.attended != nil }?.attended.map { ($0 - start) / Self.step } }
        let cuts = profile.cuts(weights: weights, anchors: anchors, pauses: words.map { Self.endsPhrase($0.text) })
        return words.indices.map { index in
            let sounding = profile.sounding(from: cuts[index], to: cuts[index + 1])
            return (start + sounding.lowerBound * Self.step, min(end, start + sounding.upperBound * Self.step))
        }
    }

    /// The approximate time that it takes to say a word, in letters.
    private static func weight(of text: String) -> Double {
        let letters = text.reduce(0.0) { sum, character in
            if character.isNumber { return sum + 4 }
            guard character.isLetter else { return sum }
            return sum + (character.unicodeScalars.first.map { $0.value > 0x2E7F } == true ? 3 : 1)
        }
        return 1.5 + letters
    }

    private static func endsPhrase(_ text: String) -> Bool {
        text.last.map { ".,!?;:。、，！？".contains($0) } ?? false
    }
}

/// The loudness of one segment, in moments from its start.
private struct LoudnessProfile {
    private let count: Int
    private let voiced: [Bool]
    private let height: [Double]
    private let voicedBefore: [Int]
    private let pausesEndedBefore: [Int]
    private let pausesBegunBefore: [Int]

    init(_ loudness: Loudness, from start: Int, to end: Int, step: Int, pause: Int) {
        count = max(1, (end - start) / step)
        let levels = (0..<count).map { loudness.highest(from: start + $0 * step, to: start + ($0 + 1) * step) }
        let highest = levels.max() ?? 0
        let lowest = max(loudness.floor, highest - 45)
        let threshold = lowest + 0.3 * max(6, highest - lowest)
        let voiced = levels.map { $0 > threshold }
        height = levels.map { min(1, max(0, ($0 - lowest) / max(6, highest - lowest))) }
        self.voiced = voiced
        var (sum, ended, begun) = ([0], [0], [0])
        var silent = 0
        for moment in 0..<count {
            sum.append(sum[moment] + (voiced[moment] ? 1 : 0))
            let wasPause = silent >= pause && silent < moment
            silent = voiced[moment] ? 0 : silent + 1
            ended.append(ended[moment] + (wasPause && silent == 0 ? 1 : 0))
            begun.append(begun[moment] + (silent == pause && moment >= pause ? 1 : 0))
        }
        (voicedBefore, pausesEndedBefore, pausesBegunBefore) = (sum, ended, begun)
    }

    /// The moments at which each word begins, and the one at which the last ends.
    func cuts(weights: [Double], anchors: [Int?], pauses: [Bool]) -> [Int] {
        let total = weights.reduce(0, +)
        let sound = Double(max(1, voicedBefore[count]))
        var costs = [Double](repeating: .infinity, count: count + 1)
        costs[0] = 0
        var steps: [[Int]] = []
        for (index, weight) in weights.enumerated() {
            let expected = max(2, sound * weight / total)
            var next = [Double](repeating: .infinity, count: count + 1)
            var step = [Int](repeating: 0, count: count + 1)
            let isLast = index == weights.count - 1
            for end in isLast ? count...count : 0...count {
                for start in 0...end where costs[start] < .infinity {
                    let length = Double(voicedBefore[end] - voicedBefore[start])
                    let ratio = (length - expected) / (expected + 3)
                    let inside = max(0, pausesEndedBefore[end] - pausesBegunBefore[start])
                    var cost = costs[start] + ratio * ratio + Double(inside) * 0.8
                    if !isLast { cost += height[min(end, count - 1)] * 0.6 + (pauses[index] && voiced[min(end, count - 1)] ? 0.3 : 0) }
                    if let anchor = index + 1 < anchors.count ? anchors[index + 1] : nil {
                        cost += min(4, pow(Double(end - anchor) / 4, 2) * 0.5)
                    }
                    if cost < next[end] { (next[end], step[end]) = (cost, start) }
                }
            }
            costs = next
            steps.append(step)
        }
        var cuts = [count]
        for step in steps.reversed() { cuts.append(step[cuts[cuts.count - 1]]) }
        return cuts.reversed()
    }

    /// A stretch without the silence at its edges; all of it if it is silent.
    func sounding(from start: Int, to end: Int) -> Range<Int> {
        let first = (start..<max(start, end)).first { voiced[$0] }
        let last = (start..<max(start, end)).last { voiced[$0] }
        guard let first, let last else { return start..<max(start, end) }
        return first..<last + 1
    }
}
