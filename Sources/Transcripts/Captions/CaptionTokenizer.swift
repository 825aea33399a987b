/// Splits a segment's text into tokens with times: those of its words if they match the text, else in proportion to the text's length.
struct CaptionTokenizer {
    private let segment: Segment
    private let clock: TextClock

    init(_ segment: Segment) {
        self.segment = segment
        clock = TextClock(segment)
    }

    func tokens() -> [CaptionToken] {
        var tokens: [CaptionToken] = []
        var offset = 0
        for chunk in segment.text.split(whereSeparator: \.isBreakingSpace) where !chunk.allSatisfy(\.isWhitespace) {
            var isFirst = true
            for part in Self.parts(of: chunk) {
                let length = part.unicodeScalars.count { !$0.properties.isWhitespace }
                tokens.append(
                    CaptionToken(
                        text: String(part),
                        hasSpaceBefore: isFirst && !tokens.isEmpty,
                        columns: part.columns,
                        start: clock.start(of: offset),
                        end: clock.end(of: offset + length - 1),
                        wordStart: clock.wordStart(at: offset),
                        breakCost: 1
                    )
                )
                isFirst = false
                offset += length
            }
        }
        rateBreaks(in: &tokens)
        return tokens
    }

    /// The parts of a text without white space between which a line may break, for scripts without spaces.
    ///
    /// After the Unicode Standard Annex 14 and JIS X 4051 (kinsoku): no closing sign begins a line, and no opening one ends it.
    static func parts(of chunk: Substring) -> [Substring] {
        guard chunk.contains(where: \.isOfUnspacedScript) else { return [chunk] }
        var parts: [Substring] = []
        var start = chunk.startIndex
        for (index, next) in zip(chunk.indices, chunk.indices.dropFirst()) where mayBreak(between: chunk[index], and: chunk[next]) {
            parts.append(chunk[start..<next])
            start = next
        }
        return parts + [chunk[start...]]
    }

    private static func mayBreak(between left: Character, and right: Character) -> Bool {
        // What is left of white space here is no-break spaces.
        if left.isWhitespace || right.isWhitespace { return false }
        if neverFirst.contains(right) || neverLast.contains(left) { return false }
        if left.isTibetan || right.isTibetan { return "་།".contains(left) }
        return left.isOfUnspacedScript || right.isOfUnspacedScript
    }

    private static let neverFirst = Set("、。，．！？：；）］｝」』】〉》〕〗〙’”…‥ー々ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ・％℃,.!?:;)]}»%ะาำๅๆฯະາຳໆ។")
    private static let neverLast = Set("（［｛「『【〈《〔〖〘‘“([{«¿¡$￥＄เแโใไເແໂໃໄ")

    private func rateBreaks(in tokens: inout [CaptionToken]) {
        for index in tokens.indices.dropLast() {
            let (token, next) = (tokens[index], tokens[index + 1])
            var cost = Self.breakCost(after: token, spaced: next.hasSpaceBefore)
            // A pause is as good as a comma.
            if clock.isMeasured, next.start - token.end >= 300 { cost = min(cost, 0.2) }
            if clock.isMeasured, !next.hasSpaceBefore, next.wordStart == nil { cost += 0.5 }
            tokens[index].breakCost = cost
        }
    }

    private static func breakCost(after token: CaptionToken, spaced: Bool) -> Double {
        let last = token.text.last { !"\"'”’»)]）」』".contains($0) } ?? " "
        if ".!?…。！？؟।။።".contains(last) { return 0 }
        if ",;:،؛、，；：—–".contains(last) { return 0.2 }
        // In most languages the shortest words are articles, prepositions and conjunctions, which belong to the next word.
        if spaced, token.columns <= 3 { return 1.6 }
        return spaced || !token.text.contains(where: \.isSoutheastAsian) ? 1 : 1.5
    }
}

extension Character {
    fileprivate var isTibetan: Bool { unicodeScalars.first.map { (0x0F00...0x0FFF).contains($0.value) } ?? false }
}

/// The times of the Unicode scalars of a segment's text, without white space.
private struct TextClock {
    /// Stretches of the text, as ends in scalars and times in milliseconds, in order.
    private var spans: [(start: Int, end: Int, from: Int, to: Int)] = []
    /// Whether the times were measured word by word.
    let isMeasured: Bool

    init(_ segment: Segment) {
        let text = segment.text.unicodeScalars.filter { !$0.properties.isWhitespace }
        let words = (segment.words ?? []).map { ($0, $0.text.unicodeScalars.filter { !$0.properties.isWhitespace }) }
        isMeasured = !words.isEmpty && words.flatMap(\.1).elementsEqual(text)
        let start = max(0, segment.start.milliseconds)
        guard isMeasured else {
            spans = [(0, text.count, start, max(start, segment.end.milliseconds))]
            return
        }
        var (offset, time) = (0, 0)
        for (word, scalars) in words where !scalars.isEmpty {
            // Times never run backwards.
            let from = max(time, word.start.milliseconds)
            time = max(from, word.end.milliseconds)
            spans.append((offset, offset + scalars.count, from, time))
            offset += scalars.count
        }
    }

    /// When the scalar at an offset begins.
    func start(of offset: Int) -> Int { time(at: offset, of: span(at: offset)) }

    /// When the scalar at an offset ends.
    func end(of offset: Int) -> Int { time(at: offset + 1, of: span(at: offset)) }

    /// The time of the word that begins at an offset, if one does and it was measured.
    func wordStart(at offset: Int) -> Timestamp? {
        guard isMeasured else { return nil }
        let span = span(at: offset)
        return span.start == offset ? Timestamp(milliseconds: span.from) : nil
    }

    private func time(at offset: Int, of span: (start: Int, end: Int, from: Int, to: Int)) -> Int {
        let length = max(1, span.end - span.start)
        return span.from + (span.to - span.from) * (offset - span.start) / length
    }

    private func span(at offset: Int) -> (start: Int, end: Int, from: Int, to: Int) {
        var (low, high) = (0, spans.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if spans[middle].end > offset { high = middle } else { low = middle + 1 }
        }
        return spans[low]
    }
}
