import Transcripts

/// Transcripts of every kind, the same for the same seed.
struct RandomTranscripts {
    private var generator: SplitMix

    /// What a transcript is made of.
    enum Kind: String, CaseIterable {
        /// Words of Latin letters, segments one after the other, as a recognizer makes them.
        case ordinary
        /// The same with the times of words.
        case timed
        /// Emoji, combining marks, words wider than a line, odd white space.
        case odd
        /// Chinese, Japanese and Korean.
        case eastAsian
        /// Arabic and Hebrew.
        case rightToLeft
        /// Several speakers who talk at the same time.
        case crowd
        /// Segments without length, at the same time, or that end before they begin.
        case broken
    }

    init(seed: Int) { generator = SplitMix(state: UInt64(seed)) }

    private static let latin = [
        "a", "the", "of", "Well,", "yes.", "door", "window", "and", "transcription", "it", "is", "open!", "naïve", "Straße;",
    ]
    private static let odd = [
        "👩‍👩‍👧‍👦", "🇩🇪🇫🇷", "e\u{301}te\u{301}", "Z\u{351}\u{36B}\u{343}a\u{322}", "Donaudampfschifffahrtsgesellschaftskapitänsmützenschirm", "a-b",
        "\u{200B}", "x\u{2028}y", "<b>", "-->", "{\\an8}", "&amp;", "\\N", "=1+1", "“quoted”", "😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀",
    ]
    private static let eastAsian = ["你好世界。", "今天天气很好，我们去公园。", "これはテストです。", "「はい」", "안녕하세요", "AI技术", "ー々", "ภาษาไทยไม่มีช่องว่าง"]
    private static let rightToLeft = ["مرحبا", "بالعالم،", "هذا", "اختبار.", "שלום", "עולם", "123", "(OK)"]

    /// A transcript; words are numbered, so that each can be found again.
    mutating func transcript(_ kind: Kind) -> Transcript {
        var segments: [Segment] = []
        var (time, count) = (number(0, 2000), 0)
        for _ in 0..<number(1, 12) {
            let words = (0..<number(1, kind == .eastAsian ? 8 : 30)).map { _ in
                count += 1
                return word(kind, number: count)
            }
            let length = length(kind, words: words.count)
            let text = words.joined(separator: kind == .eastAsian && count % 2 == 0 ? "" : " ")
            var segment = Segment(start: ms(time), end: ms(time + length), text: text)
            if kind == .crowd { segment.speaker = ["Speaker 1", "Speaker 2", nil].randomElement(using: &generator) ?? nil }
            if kind == .timed || kind == .crowd && count % 3 == 0 { segment.words = timed(words, from: time, to: time + length) }
            segments.append(segment)
            time = next(kind, after: segment)
        }
        let code = kind == .eastAsian ? "zh" : kind == .rightToLeft ? "ar" : "en"
        return Transcript(language: Language(code: code), duration: ms(time), segments: segments)
    }

    private mutating func word(_ kind: Kind, number: Int) -> String {
        switch kind {
        case .ordinary, .timed: Self.latin.randomElement(using: &generator) ?? "a"
        case .odd: (Bool.random(using: &generator) ? Self.odd : Self.latin).randomElement(using: &generator) ?? "a"
        case .eastAsian: Self.eastAsian.randomElement(using: &generator) ?? "你"
        case .rightToLeft: Self.rightToLeft.randomElement(using: &generator) ?? "هذا"
        case .crowd, .broken: "w\(number)"
        }
    }

    private mutating func length(_ kind: Kind, words: Int) -> Int {
        switch kind {
        case .broken: number(-500, 300)
        case .eastAsian: number(400, 800) * words
        default: number(150, 600) * words
        }
    }

    private mutating func next(_ kind: Kind, after segment: Segment) -> Int {
        switch kind {
        case .crowd: segment.start.milliseconds + number(0, 6000)
        case .broken: segment.start.milliseconds + number(-300, 300)
        default: segment.end.milliseconds + (Bool.random(using: &generator) ? 0 : number(0, 4000))
        }
    }

    private mutating func timed(_ words: [String], from start: Int, to end: Int) -> [Word] {
        let step = (end - start) / words.count
        return words.enumerated().map { index, word in
            let from = start + index * step
            return Word(start: ms(from), end: ms(from + number(step / 2, step)), text: word, probability: 0.9)
        }
    }

    private func ms(_ milliseconds: Int) -> Timestamp { Timestamp(milliseconds: milliseconds) }

    private mutating func number(_ low: Int, _ high: Int) -> Int { Int.random(in: low...high, using: &generator) }
}

/// Vigna's SplitMix64: small, and the same everywhere.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }
}
