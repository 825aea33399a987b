/// Divides a passage into captions of a readable size, preferably at ends of sentences, at commas and in pauses.
///
/// The cheapest division is found by dynamic programming over the positions where the text may break. Time grows with the length of the
/// text, times the number of words in a caption.
struct CueSplitter {
    let rules: CaptionRules
    /// The width of a line, in columns.
    let width: Int

    func split(_ tokens: [CaptionToken]) -> [ArraySlice<CaptionToken>] {
        var best = [(cost: 0.0, start: 0)]
        for end in tokens.indices {
            var cheapest = (cost: Double.infinity, start: end)
            var candidate = Candidate(last: end)
            for start in (0...end).reversed() {
                candidate.prepend(tokens[start], before: start < end ? tokens[start + 1] : nil, width: width)
                guard start == end || candidate.lines <= rules.lines else { break }
                let isWhole = start == 0 && end == tokens.count - 1
                let cost = best[start].cost + cost(of: candidate, from: tokens[start], to: tokens[end], isWhole: isWhole)
                let breakCost = end == tokens.count - 1 ? 0 : 1.5 * tokens[end].breakCost
                if cost + breakCost < cheapest.cost { cheapest = (cost + breakCost, start) }
            }
            best.append(cheapest)
        }
        var (parts, end): ([ArraySlice<CaptionToken>], Int) = ([], tokens.count)
        while end > 0 {
            let start = best[end].start
            parts.append(tokens[start..<end])
            end = start
        }
        return parts.reversed()
    }

    /// A caption that grows token by token towards the beginning of the text.
    private struct Candidate {
        let last: Int
        /// The fewest lines for its text, filled from the last one upwards.
        private(set) var lines = 1
        /// The width of the whole text.
        private(set) var columns = 0
        /// The cost of its pauses: text after a pause would be shown long before it is said.
        private(set) var pauseCost = 0.0
        private var used = 0

        init(last: Int) { self.last = last }

        mutating func prepend(_ token: CaptionToken, before next: CaptionToken?, width: Int) {
            let space = next?.hasSpaceBefore == true ? 1 : 0
            columns += token.columns + space
            if next == nil || used + space + token.columns <= width {
                used += token.columns + space
            } else {
                (lines, used) = (lines + 1, token.columns)
            }
            if let next, next.start - token.end > 1000 { pauseCost += Double(min(4000, next.start - token.end)) / 1000 }
        }
    }

    private func cost(of candidate: Candidate, from first: CaptionToken, to last: CaptionToken, isWhole: Bool) -> Double {
        let duration = Double(last.end - first.start)
        let longest = Double(max(1, rules.maximumDuration.milliseconds))
        let shortest = Double(max(1, rules.minimumDuration.milliseconds))
        var cost = 1 + candidate.pauseCost
        // A few words that last too long are shown for a part of the time; longer text is better divided.
        let share = min(1, Double(candidate.columns) / Double(max(1, width)))
        if duration > longest { cost += (0.5 + 12 * (duration / longest - 1)) * share * share * share }
        if duration < shortest, !isWhole { cost += 2 * (1 - duration / shortest) }
        // Captions of equal length read better than a full one followed by a single word.
        let full = Double(max(1, rules.lines * width))
        let slack = max(0, 1 - Double(candidate.columns) / full)
        return cost + slack * slack
    }
}
