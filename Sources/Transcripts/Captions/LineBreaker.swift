/// Breaks the text of one caption into lines: as few as possible, of about the same width, at the cheapest breaks.
struct LineBreaker {
    /// The width of a line, in columns; a single wider word has a line of its own.
    let width: Int
    /// The most lines.
    let lines: Int

    /// Whether the text fits into the allowed lines.
    func fits(_ tokens: ArraySlice<CaptionToken>) -> Bool {
        var (count, used) = (0, 0)
        for token in tokens {
            let added = token.columns + (token.hasSpaceBefore ? 1 : 0)
            if count > 0, used + added <= width {
                used += added
            } else {
                (count, used) = (count + 1, token.columns)
            }
        }
        return count <= lines
    }

    /// The text's lines; more than allowed if it does not fit.
    func lines(of tokens: ArraySlice<CaptionToken>) -> [ArraySlice<CaptionToken>] {
        // best[k]: the cheapest way to break the first k tokens into lines.
        var best = [(cost: 0.0, start: tokens.startIndex)]
        for end in tokens.indices {
            var (cheapest, used) = ((cost: Double.infinity, start: end), 0)
            for start in (tokens.startIndex...end).reversed() {
                used += tokens[start].columns
                guard start == end || used <= width else { break }
                let cost = best[start - tokens.startIndex].cost + cost(of: start...end, used: used, in: tokens)
                if cost < cheapest.cost { cheapest = (cost, start) }
                used += tokens[start].hasSpaceBefore ? 1 : 0
            }
            best.append(cheapest)
        }
        var (broken, end): ([ArraySlice<CaptionToken>], Int) = ([], tokens.endIndex)
        while end > tokens.startIndex {
            let start = best[end - tokens.startIndex].start
            broken.append(tokens[start..<end])
            end = start
        }
        return broken.reversed()
    }

    private func cost(of line: ClosedRange<Int>, used: Int, in tokens: ArraySlice<CaptionToken>) -> Double {
        let isLast = line.upperBound == tokens.endIndex - 1
        let slack = Double(max(0, width - used)) / Double(max(1, width))
        // A further line costs more than any other cost, so the number of lines is the smallest.
        return 100 + 4 * slack * slack + (isLast ? 0 : tokens[line.upperBound].breakCost)
    }
}
