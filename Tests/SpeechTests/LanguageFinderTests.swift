import Testing
import Transcripts

@testable import Speech

@Suite("Finding a recording's language")
struct LanguageFinderTests {
    /// An event, by the number of a block or the time in seconds.
    private enum Event {
        case block(Int, speech: Double)
        case settled(Double)
        case votes(Int, [String: Double])
        case end
    }

    private let sure = ["de": 0.9, "en": 0.1]
    private let unsure = ["de": 0.55, "en": 0.45]

    @Test("a single block does not vote: its language is found while it is recognized")
    func single() {
        var finder = LanguageFinder(TranscriptionOptions(), isMultilingual: true)
        #expect(run(&finder, [.block(0, speech: 20), .settled(24), .settled(50), .end]) == ["wait", "wait", "wait", "decided nil"])
        #expect(finder.isDecided && finder.language == nil && finder.hasSingleBlock)
        let noise = RecognizedBlock(language: DetectedLanguage(code: "la", probability: 0.3), segments: [])
        #expect(finder.record(noise) == nil && finder.language == nil)
        let spanish = DetectedLanguage(code: "es", probability: 0.8)
        let segment = Segment(start: .zero, end: Timestamp(milliseconds: 900), text: "Hola.")
        #expect(finder.record(RecognizedBlock(language: spanish, segments: [segment])) == spanish)
        #expect(finder.language?.code == "es")
    }

    @Test("a recording without blocks has no language")
    func none() {
        var finder = LanguageFinder(TranscriptionOptions(), isMultilingual: true)
        #expect(run(&finder, [.settled(20), .settled(80), .end]) == ["wait", "wait", "decided nil"])
    }

    @Test("the first block votes when there is a second one, and a certain vote decides")
    func certain() {
        var finder = LanguageFinder(TranscriptionOptions(), isMultilingual: true)
        let steps = run(
            &finder,
            [.block(0, speech: 20), .block(1, speech: 20), .votes(0, sure), .block(2, speech: 20), .settled(80), .end]
        )
        #expect(steps == ["wait", "listen 0", "decided de", "wait", "wait", "wait"])
        #expect(finder.language?.code == "de")
    }

    @Test("uncertain blocks vote one after the other, at most four")
    func uncertain() {
        var finder = LanguageFinder(TranscriptionOptions(), isMultilingual: true)
        let events: [Event] = [
            .block(0, speech: 20), .block(1, speech: 20), .votes(0, unsure), .votes(1, unsure), .block(2, speech: 20),
            .block(3, speech: 20),
            .block(4, speech: 20), .votes(2, unsure), .votes(3, unsure), .end,
        ]
        #expect(
            run(&finder, events) == [
                "wait", "listen 0", "listen 1", "wait", "listen 2", "wait", "wait", "listen 3", "decided de", "wait",
            ]
        )
    }

    @Test("at the end the likeliest language is taken, after every block has voted")
    func end() {
        var finder = LanguageFinder(TranscriptionOptions(), isMultilingual: true)
        let events: [Event] = [.block(0, speech: 20), .block(1, speech: 5), .end, .votes(0, unsure), .votes(1, ["en": 0.6, "de": 0.4])]
        #expect(run(&finder, events) == ["wait", "listen 0", "wait", "listen 1", "decided de"])
    }

    @Test("a vote weighs as much as its seconds of speech")
    func weights() {
        var finder = LanguageFinder(TranscriptionOptions(), isMultilingual: true)
        let events: [Event] = [.block(0, speech: 1), .block(1, speech: 12), .end, .votes(0, unsure), .votes(1, ["en": 0.6, "de": 0.4])]
        #expect(run(&finder, events).last == "decided en")
    }

    @Test("after 30 s without a second block the first one votes; if it is not certain, further blocks are waited for")
    func patience() {
        var finder = LanguageFinder(TranscriptionOptions(), isMultilingual: true)
        #expect(run(&finder, [.block(0, speech: 20), .settled(54), .settled(54.1)]) == ["wait", "wait", "listen 0"])
        #expect(!finder.expectsSecondBlock && finder.hasSingleBlock)
        #expect(run(&finder, [.votes(0, unsure), .settled(90), .block(1, speech: 20)]) == ["wait", "wait", "listen 1"])
        #expect(run(&finder, [.votes(1, sure)]) == ["decided de"])
        var alone = LanguageFinder(TranscriptionOptions(), isMultilingual: true)
        let steps = run(&alone, [.block(0, speech: 20), .settled(60), .end, .votes(0, unsure)])
        #expect(steps == ["wait", "listen 0", "wait", "decided de"])
    }

    @Test("the result does not depend on when votes are recorded", arguments: 0..<30)
    func order(_ seed: UInt64) {
        var generator = SplitMix(state: seed)
        let votes = (0..<6).map { _ in
            let share = Double.random(in: 0...1, using: &generator)
            return ["de": share, "en": 1 - share]
        }
        let count = Int.random(in: 0...6, using: &generator)
        let input: [Event] = (0..<count).flatMap { [Event.block($0, speech: 9), .settled(Double($0 + 1) * 24 + 40)] } + [.end]
        func decision(isLate: Bool) -> String? {
            var finder = LanguageFinder(TranscriptionOptions(), isMultilingual: true)
            var (steps, waiting) = ([String](), [Int]())
            func take(_ step: String) {
                steps.append(step)
                if step.hasPrefix("listen"), let block = step.last?.wholeNumberValue { waiting.append(block) }
            }
            for event in input {
                take(run(&finder, [event])[0])
                while !isLate, let block = waiting.popLast() { take(run(&finder, [.votes(block, votes[block])])[0]) }
            }
            while let block = waiting.popLast() { take(run(&finder, [.votes(block, votes[block])])[0]) }
            #expect(steps.count { $0.hasPrefix("decided") } == 1)
            return steps.first { $0.hasPrefix("decided") }
        }
        #expect(decision(isLate: true) == decision(isLate: false))
    }

    @Test("where there is no choice, the first block decides without a vote")
    func noChoice() {
        var allowed = TranscriptionOptions()
        allowed.allowedLanguages = ["fr"].compactMap(Language.init(code:))
        var finder = LanguageFinder(allowed, isMultilingual: true)
        #expect(run(&finder, [.settled(9), .block(0, speech: 20), .block(1, speech: 20), .end]) == ["wait", "decided fr", "wait", "wait"])
        var english = LanguageFinder(TranscriptionOptions(), isMultilingual: false)
        #expect(run(&english, [.block(0, speech: 20), .end]) == ["decided en", "wait"])
        #expect(english.language?.code == "en")
    }

    @Test("a language that was asked for, or found by an earlier attempt, needs no search")
    func known() {
        var options = TranscriptionOptions()
        options.language = Language(code: "it")
        var asked = LanguageFinder(options, isMultilingual: true)
        #expect(asked.isDecided && asked.language?.code == "it")
        #expect(run(&asked, [.block(0, speech: 20), .settled(90), .end]) == ["wait", "wait", "wait"])
        var found = LanguageFinder(TranscriptionOptions(), known: Language(code: "es"), isMultilingual: true)
        #expect(run(&found, [.block(0, speech: 20), .block(1, speech: 20), .end]) == ["wait", "wait", "wait"])
        #expect(found.language?.code == "es")
    }

    @Test("only allowed languages are found")
    func allowed() {
        var options = TranscriptionOptions()
        options.allowedLanguages = ["en", "fr"].compactMap(Language.init(code:))
        var finder = LanguageFinder(options, isMultilingual: true)
        #expect(run(&finder, [.block(0, speech: 20), .block(1, speech: 20), .votes(0, sure)]).last == "decided en")
    }

    /// Each block is 24 s long and has its number as its channel.
    private func block(_ number: Int, speech: Double) -> Block {
        Block(channel: number, start: number * 24 * 16_000, samples: [Float](repeating: 0, count: 24 * 16_000), speech: speech)
    }

    private func run(_ finder: inout LanguageFinder, _ events: [Event]) -> [String] {
        var speeches: [Int: Double] = [:]
        return events.map { event in
            if case .block(let number, let speech) = event { speeches[number] = speech }
            let step =
                switch event {
                case .block(let number, let speech): finder.add(block(number, speech: speech))
                case .settled(let seconds): finder.settle(Timestamp(seconds: seconds))
                case .votes(let number, let values):
                    finder.record(LanguageProbabilities(values: values, noSpeech: 0), from: block(number, speech: speeches[number] ?? 20))
                case .end: finder.finish()
                }
            switch step {
            case .wait: return "wait"
            case .listen(let block): return "listen \(block.channel)"
            case .decided(let language): return "decided \(language?.code ?? "nil")"
            }
        }
    }
}
