import Transcripts

/// One transcription's way from blocks to text: the language first, then several blocks side by side, handed on in their order.
struct TranscriptionCourse {
    /// What the reader sends.
    enum Item: Sendable {
        case block(Block)
        case settled(Timestamp)
        case end(Timestamp)
    }

    /// What the tasks of a course bring.
    private enum News: Sendable {
        case item(Item?)
        case languages(LanguageProbabilities, seconds: Double)
        case recognized(RecognizedBlock, number: Int)
    }

    /// An entry of the order in which events are handed on.
    private enum Entry {
        case block(Block, number: Int, RecognizedBlock?)
        case mark(Timestamp)
    }

    private typealias Crew = ThrowingTaskGroup<News, any Error>

    /// A lone block is not kept waiting for a second one for longer than so much sound.
    private static let patience = Timestamp(milliseconds: 30_000)
    private static let windows = 4

    private let pool: RecognizerPool
    private let options: TranscriptionOptions
    private let channels: Int
    private let threads: Int?
    private let width: Int

    private var vote: LanguageVote
    private var voted = 0
    private var isVoting = false
    private var language: Language?
    private var isDecided: Bool

    private var held: [Block] = []
    private var isReading = false
    private var isEager = false
    private var end: Timestamp?
    private var running = 0
    private var number = 0
    private var order: [Entry] = []
    private var merge = SpeakerMerge()
    private var position = Timestamp.zero
    private var news: [TranscriptionEvent] = []

    init(pool: RecognizerPool, options: TranscriptionOptions, channels: Int, threads: Int?) {
        self.pool = pool
        self.options = options
        self.channels = channels
        self.threads = threads
        width = threads.map { max(1, min(pool.size, Processors.available / max(1, $0))) } ?? pool.size
        vote = LanguageVote(allowed: options.allowedLanguages, windows: Self.windows)
        language = options.language ?? (options.allowedLanguages.count == 1 ? options.allowedLanguages.first : nil)
        isDecided = language != nil
    }

    /// Works through what the reader sends, and waits for `onEvent` at each event.
    mutating func run(
        _ items: BoundedQueue<Item>,
        onEvent: @Sendable (TranscriptionEvent) async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: News.self) { crew in
            proceed(with: &crew, items)
            while let report = try await crew.next() {
                take(report)
                handOn()
                for event in news { try await onEvent(event) }
                news = []
                proceed(with: &crew, items)
            }
        }
    }

    private mutating func take(_ news: News) {
        switch news {
        case .item(let item):
            isReading = false
            take(item)
        case .languages(let languages, let seconds):
            running -= 1
            isVoting = false
            vote.add(languages, seconds: seconds)
            if let decision = vote.decision { decide(decision) }
        case .recognized(let block, let number):
            running -= 1
            if !isDecided, let probability = block.languageProbability, !block.segments.isEmpty {
                decide(SpokenLanguage(code: block.language, probability: probability))
            }
            for index in order.indices {
                guard case .block(let sound, number: number, _) = order[index] else { continue }
                order[index] = .block(sound, number: number, block)
            }
        }
    }

    private mutating func take(_ item: Item?) {
        switch item {
        case .block(let block): held.append(block)
        case .settled(let time):
            if let block = held.first, time > Timestamp(sample: block.end) + Self.patience { isEager = true }
            if held.isEmpty { order.append(.mark(time)) }
        case .end(let time): end = time
        case nil: break
        }
    }

    private mutating func decide(_ found: SpokenLanguage) {
        isDecided = true
        language = Language(code: found.code)
        news.append(.language(code: found.code, probability: found.probability))
    }

    /// Starts whatever can be started.
    private mutating func proceed(with crew: inout Crew, _ items: BoundedQueue<Item>) {
        let isReady = end != nil || isEager || held.count > 1 || number > 0
        if isReady, !isDecided, !held.isEmpty { findLanguage(with: &crew) }
        while isReady, isDecided || isAlone, !held.isEmpty, running < width, order.count < 2 * width + 2 {
            recognize(held.removeFirst(), with: &crew)
        }
        guard !isReading, end == nil, held.count < Self.windows, order.count < 2 * width + 2 else { return }
        isReading = true
        crew.addTask { .item(try await items.next()) }
    }

    /// Whether there is only one block, which then tells its language by itself, at no cost.
    private var isAlone: Bool { end != nil && held.count == 1 && number == 0 && voted == 0 }

    private mutating func findLanguage(with crew: inout Crew) {
        guard pool.model.isMultilingual else { return decide(SpokenLanguage(code: "en", probability: 1)) }
        guard !isAlone, !isVoting else { return }
        guard voted < held.count else {
            // Nobody else will vote. Without any opinion, each block tells for itself.
            guard end != nil || isEager || voted >= Self.windows else { return }
            if let best = vote.best { decide(best) } else { isDecided = true }
            return
        }
        let block = held[voted]
        voted += 1
        running += 1
        isVoting = true
        crew.addTask { [pool, threads] in
            let found = try await pool.withRecognizer { try await $0.languageProbabilities(of: block.samples, threads: threads) }
            return .languages(found, seconds: block.speech ?? Double(block.samples.count) / 16_000)
        }
    }

    private mutating func recognize(_ block: Block, with crew: inout Crew) {
        number += 1
        running += 1
        order.append(.block(block, number: number, nil))
        // Whether there will be more to do at the same time is known only when all of the file was read.
        let expected = end == nil && !isEager ? width : min(width, running + held.count)
        let recognition = RecognitionOptions(options, language: language, threads: threads)
        crew.addTask { [pool, number] in
            let recognized = try await pool.withRecognizer(expecting: expected) { try await $0.recognize(block, options: recognition) }
            return .recognized(recognized, number: number)
        }
    }

    /// Makes events of what is complete, in order.
    private mutating func handOn() {
        while let entry = order.first {
            switch entry {
            case .mark(let time): pass(time)
            case .block(_, _, nil): return
            case .block(let block, _, let recognized?): complete(block, recognized)
            }
            order.removeFirst()
        }
        guard let end, held.isEmpty else { return }
        if channels > 1 { news += merge.turns(before: Timestamp(milliseconds: .max)).map { .block($0) } }
        report(end)
        news.append(.finished(duration: end))
    }

    private mutating func complete(_ block: Block, _ recognized: RecognizedBlock) {
        let (start, end) = (Timestamp(sample: block.start), Timestamp(sample: block.end))
        if channels > 1 {
            pass(start)
            merge.add(recognized, channel: block.channel)
        } else {
            let (segments, removed) = (recognized.segments, recognized.removed)
            news.append(.block(CompletedBlock(start: start, end: end, channel: block.channel, segments: segments, removed: removed)))
            report(end)
        }
    }

    /// Notes that nothing more will begin before a time.
    private mutating func pass(_ time: Timestamp) {
        if channels > 1 { news += merge.turns(before: time).map { .block($0) } }
        report(time)
    }

    private mutating func report(_ time: Timestamp) {
        guard time > position else { return }
        position = time
        news.append(.progress(position: time))
    }
}
