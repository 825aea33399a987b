/// Finds the times of an edited text's words from the old words at the same time.
enum WordRealignment {
    /// Longer texts are not compared: the time grows with the square, and no real segment is that long.
    private static let longestComparison = 4000

    /// The words of a segment: old words, regardless of case and punctuation, at their times, and new ones evenly in the rest.
    ///
    /// In scripts without spaces each character, with its signs, is a word.
    static func words(of edit: EditedSegment, old words: [Word]) -> [Word] {
        let old = words.flatMap(\.parts)
        var new = edit.text.spokenParts.map { PlacedPart(text: $0) }
        if old.count + new.count <= longestComparison {
            var numbers = WordNumbers()
            let from = numbers.numbers(for: old.map { Self.key($0.text) })
            let to = numbers.numbers(for: new.map { Self.key($0.text) })
            var position = 0
            for (change, index) in ShortestEdit.script(from: from, to: to) {
                if change == .same { new[index].old = old[position] }
                if change != .added { position += 1 }
            }
        }
        return times(of: new, from: edit.start, to: edit.end)
    }

    private struct PlacedPart {
        let text: String
        var old: Word?
    }

    /// Fills the gaps between the old words.
    private static func times(of parts: [PlacedPart], from start: Timestamp, to end: Timestamp) -> [Word] {
        var words: [Word] = []
        var now = start
        var index = parts.startIndex
        while index < parts.endIndex {
            if let old = parts[index].old {
                let from = min(max(old.start, now), end)
                now = min(max(old.end, from), end)
                words.append(Word(start: from, end: now, text: parts[index].text, probability: old.probability))
                index += 1
                continue
            }
            let gap = parts[index...].prefix { $0.old == nil }
            let next = gap.endIndex < parts.endIndex ? parts[gap.endIndex].old?.start ?? end : end
            let limit = min(max(next, now), end)
            let length = gap.reduce(0) { $0 + $1.text.unicodeScalars.count }
            let (from, room) = (now.milliseconds, limit.milliseconds - now.milliseconds)
            var said = 0
            for part in gap {
                said += part.text.unicodeScalars.count
                let until = Timestamp(milliseconds: from + room * said / max(1, length))
                // A user wrote it, so it is certain.
                words.append(Word(start: now, end: until, text: part.text, probability: 1))
                now = until
            }
            index = gap.endIndex
        }
        return words
    }

    private static func key(_ text: String) -> String {
        let spoken = SpokenWords.words(of: text).joined(separator: " ")
        return spoken.isEmpty ? text : spoken
    }
}

extension String {
    /// The words, or the characters of scripts without spaces, with their signs.
    fileprivate var spokenParts: [String] {
        split(whereSeparator: \.isWhitespace).flatMap { CaptionTokenizer.parts(of: $0) }.map(String.init)
    }
}

extension Word {
    /// In scripts without spaces the word's characters, each with its share of the time; else the word itself.
    fileprivate var parts: [Word] {
        let texts = text.spokenParts
        guard texts.count > 1 else { return [self] }
        let length = texts.reduce(0) { $0 + $1.unicodeScalars.count }
        let duration = end.milliseconds - start.milliseconds
        var said = 0
        return texts.map { text in
            let from = start.milliseconds + duration * said / length
            said += text.unicodeScalars.count
            return Word(
                start: Timestamp(milliseconds: from),
                end: Timestamp(milliseconds: start.milliseconds + duration * said / length),
                text: text,
                probability: probability
            )
        }
    }
}
