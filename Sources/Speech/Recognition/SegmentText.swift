/// Assembles text from the engine's bytes, which may end in the middle of a character.
struct SegmentText {
    private var leftover: [UInt8] = []

    /// The whole characters among the bytes so far that were not returned yet.
    mutating func append(_ bytes: some Sequence<UInt8>) -> String {
        let all = leftover + bytes
        let cut = all.count - Self.unfinished(all)
        leftover = Array(all[cut...])
        return String(decoding: all[..<cut], as: UTF8.self)
    }

    /// The number of bytes at the end that are the beginning of an incomplete character.
    private static func unfinished(_ bytes: [UInt8]) -> Int {
        for (distance, byte) in bytes.reversed().prefix(3).enumerated() where byte & 0b1100_0000 != 0b1000_0000 {
            let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
            return length > distance + 1 ? distance + 1 : 0
        }
        return 0
    }

    /// The text without white space around it; nil if it is not speech, as in "[BLANK_AUDIO]", "(music)" or "♪♪".
    static func spoken(_ text: String) -> String? {
        let text = trimmed(text)
        guard let first = text.first, let last = text.last, text.contains(where: { $0.isLetter || $0.isNumber }) else { return nil }
        let brackets: [Character: Character] = ["[": "]", "(": ")", "*": "*", "♪": "♪", "（": "）", "【": "】"]
        let inner = text.dropFirst().dropLast()
        if text.count > 1, brackets[first] == last, !inner.contains(where: { $0 == first || $0 == last }) { return nil }
        return text
    }

    /// The text without white space around it.
    static func trimmed(_ text: String) -> String {
        String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
