import Testing
import Transcripts

/// What holds for the captions of any transcript, tried on many.
@Suite struct CaptionPropertyTests {
    private static let seeds = 0..<50

    /// Transcripts of each kind with their captions by the default rules, made once for all tests.
    private static let examples: [RandomTranscripts.Kind: [(Transcript, [Caption])]] = Dictionary(
        uniqueKeysWithValues: RandomTranscripts.Kind.allCases.map { kind in
            (
                kind,
                seeds.map { seed in
                    var random = RandomTranscripts(seed: seed)
                    let transcript = random.transcript(kind)
                    return (transcript, transcript.captions())
                }
            )
        }
    )

    @Test("no text is lost or doubled, and every speaker's stays in order", arguments: RandomTranscripts.Kind.allCases)
    func text(kind: RandomTranscripts.Kind) {
        each(kind) { transcript, captions, seed in
            for speaker in Set(transcript.segments.map(\.speaker)) {
                let said = transcript.segments.filter { $0.speaker == speaker }.sorted { $0.start < $1.start }.flatMap { words($0.text) }
                let shown = captions.filter { $0.speaker == speaker }.flatMap { words($0.text) }
                if kind == .eastAsian {
                    // Lines end inside of texts without spaces.
                    #expect(shown.joined() == said.joined(), "seed \(seed)")
                } else {
                    #expect(shown == said, "seed \(seed)")
                }
            }
        }
    }

    @Test("there are never more than two lines, and none is too wide unless it is one word", arguments: RandomTranscripts.Kind.allCases)
    func lines(kind: RandomTranscripts.Kind) {
        each(kind) { _, captions, seed in
            for caption in captions {
                #expect((1...2).contains(caption.lines.count), "seed \(seed): \(caption.text)")
                for line in caption.lines {
                    let text = line.map(\.text).joined()
                    #expect(!text.isEmpty && text.first?.isWhitespace == false, "seed \(seed)")
                    #expect(columns(of: text) <= 42 || line.count == 1, "seed \(seed): \(text)")
                }
            }
        }
    }

    @Test("captions follow one another in order, a gap between them", arguments: RandomTranscripts.Kind.allCases)
    func order(kind: RandomTranscripts.Kind) {
        each(kind) { _, captions, seed in
            for (one, next) in zip(captions, captions.dropFirst()) {
                #expect(next.start.milliseconds - one.end.milliseconds >= 80, "seed \(seed): \(one.start) \(one.end) \(next.start)")
            }
            #expect(captions.allSatisfy { $0.start < $0.end && $0.start >= .zero }, "seed \(seed)")
        }
    }

    @Test("a caption lasts one to seven seconds; only one that had to begin late is shorter", arguments: RandomTranscripts.Kind.allCases)
    func durations(kind: RandomTranscripts.Kind) {
        each(kind) { _, captions, seed in
            var earlier: Caption?
            for caption in captions {
                let duration = caption.end.milliseconds - caption.start.milliseconds
                let isPushed = earlier.map { caption.start.milliseconds == $0.end.milliseconds + 80 } ?? false
                #expect(duration <= 7000, "seed \(seed)")
                #expect(duration >= (isPushed ? 200 : 1000), "seed \(seed): \(caption.start) \(caption.end) \(caption.text)")
                earlier = caption
            }
        }
    }

    @Test("where speech comes at the pace of people, every caption begins with its own, at most a second late")
    func pace() {
        each(.timed) { transcript, captions, seed in
            let starts = Set(transcript.segments.flatMap { $0.words ?? [] }.map(\.start))
            for caption in captions {
                let begun = starts.contains { (0...1000).contains(caption.start.milliseconds - $0.milliseconds) }
                #expect(begun, "seed \(seed): \(caption.start)")
            }
        }
    }

    @Test("what is read slower than it is said stays as long as a pause allows, and never longer than it needs")
    func reading() {
        each(.ordinary) { transcript, captions, seed in
            for (index, caption) in captions.enumerated() {
                let free = index + 1 < captions.count ? captions[index + 1].start.milliseconds - 80 : Int.max
                let needed = Double(columns(of: caption.lines.joined().map(\.text).joined())) / 17 * 1000
                let spoken = transcript.segments.filter { $0.start < caption.end }.map(\.end).max() ?? .zero
                let last = max(caption.start.milliseconds + max(1000, Int(needed)), spoken.milliseconds)
                #expect(caption.end.milliseconds <= min(free, last), "seed \(seed): \(caption.text)")
            }
        }
    }

    @Test("the times of words grow and lie within their caption")
    func wordTimes() {
        each(.timed) { _, captions, seed in
            for caption in captions {
                let starts = caption.lines.joined().compactMap(\.start)
                #expect(starts == starts.sorted(), "seed \(seed)")
                #expect(starts.allSatisfy { $0 >= caption.start && $0 <= caption.end }, "seed \(seed)")
                #expect(starts.count == caption.lines.joined().count, "seed \(seed)")
            }
        }
    }

    @Test("other rules hold as well as the defaults", arguments: RandomTranscripts.Kind.allCases)
    func otherRules(kind: RandomTranscripts.Kind) {
        var rules = CaptionRules()
        (rules.lineLength, rules.fullWidthLineLength, rules.lines) = (20, 8, 3)
        rules.maximumDuration = Timestamp(milliseconds: 3000)
        rules.gap = Timestamp(milliseconds: 200)
        each(kind) { transcript, _, seed in
            let captions = transcript.captions(rules)
            #expect(captions.allSatisfy { $0.lines.count <= 3 && $0.end.milliseconds - $0.start.milliseconds <= 3000 }, "seed \(seed)")
            for line in captions.flatMap(\.lines) where line.count > 1 {
                #expect(columns(of: line.map(\.text).joined()) <= 20, "seed \(seed)")
            }
            for (one, next) in zip(captions, captions.dropFirst()) {
                #expect(next.start.milliseconds - one.end.milliseconds >= 200, "seed \(seed)")
            }
        }
    }

    @Test("rules that make no sense lose no text either")
    func senselessRules() {
        var rules = CaptionRules()
        (rules.lineLength, rules.lines, rules.readingSpeed) = (0, 0, -1)
        (rules.minimumDuration, rules.maximumDuration, rules.gap) = (ms(0), ms(-1), ms(-80))
        each(.ordinary) { transcript, _, seed in
            let captions = transcript.captions(rules)
            let (shown, said) = (captions.flatMap { words($0.text) }, transcript.segments.flatMap { words($0.text) })
            #expect(shown == said, "seed \(seed)")
            #expect(zip(captions, captions.dropFirst()).allSatisfy { $0.end <= $1.start }, "seed \(seed)")
        }
    }

    private func each(_ kind: RandomTranscripts.Kind, _ check: (Transcript, [Caption], Int) -> Void) {
        for (seed, example) in (Self.examples[kind] ?? []).enumerated() { check(example.0, example.1, seed) }
    }

    private func words(_ text: String) -> [Substring] { text.split(whereSeparator: \.isWhitespace) }
    private func ms(_ milliseconds: Int) -> Timestamp { Timestamp(milliseconds: milliseconds) }

    /// Counted without the product's own table: what the terminal's convention gives for the characters used here.
    private func columns(of text: String) -> Int {
        text.reduce(0) { sum, character in
            let value = character.unicodeScalars.first?.value ?? 0
            let isWide = (0x3000...0x9FFF).contains(value) || (0xAC00...0xD7A3).contains(value) || (0xFF01...0xFF60).contains(value)
            return sum + (isWide || value >= 0x1F000 ? 2 : 1)
        }
    }
}
