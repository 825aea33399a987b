import Transcripts

/// A transcription from blocks to text: finds the language, recognizes several blocks at a time, and reports them in their order.
struct TranscriptionRun {
    /// An element of the input.
    enum Item: Sendable {
        case block(Block)
        case settled(Timestamp)
        case end(Timestamp, damage: String? = nil)
    }

    /// The result of a task of the run.
    private enum TaskResult: Sendable {
        case item(Item?)
        case languages(LanguageProbabilities, of: Block)
        case recognized(RecognizedBlock, number: Int)
    }

    /// An entry of the order in which events are reported.
    private enum Entry {
        case block(Block, number: Int, RecognizedBlock?)
        case mark(Timestamp)
    }

    private typealias Tasks = ThrowingTaskGroup<TaskResult, any Error>

    private let pool: any BlockRecognizing
    private let options: TranscriptionOptions
    private let channels: Int
    private let threads: Int?
    private let width: Int

    private var finder: LanguageFinder
    /// The block whose language probabilities the finder needs next.
    private var toProbe: Block?
    private var held: [Block] = []
    private var isReading = false
    private var end: Timestamp?
    private var running = 0
    private var number = 0
    private var order: [Entry] = []
    private var merge = SpeakerMerge()
    private var position = Timestamp.zero
    private var events: [TranscriptionEvent] = []

    init(pool: any BlockRecognizing, options: TranscriptionOptions, channels: Int, threads: Int?) {
        self.pool = pool
        self.options = options
        self.channels = channels
        self.threads = threads
        width = threads.map { max(1, min(pool.size, Processors.available / max(1, $0))) } ?? pool.size
        finder = LanguageFinder(options, isMultilingual: pool.isMultilingual)
    }

    /// Processes the input, and awaits `onEvent` at each event.
    ///
    /// - Parameter items: A channel or stream; each element is taken with an iterator of its own.
    mutating func run(
        _ items: some AsyncSequence<Item, any Error> & Sendable,
        onEvent: (TranscriptionEvent) async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: TaskResult.self) { tasks in
            startTasks(in: &tasks, items)
            while let result = try await tasks.next() {
                take(result)
                reportComplete()
                for event in events { try await onEvent(event) }
                events = []
                startTasks(in: &tasks, items)
            }
        }
    }

    private mutating func take(_ result: TaskResult) {
        switch result {
        case .item(let item):
            isReading = false
            take(item)
        case .languages(let languages, let block):
            running -= 1
            take(finder.record(languages, from: block))
        case .recognized(let block, let number):
            running -= 1
            if let language = finder.record(block) { events.append(.language(language)) }
            for index in order.indices {
                guard case .block(let sound, number: number, _) = order[index] else { continue }
                order[index] = .block(sound, number: number, block)
            }
        }
    }

    private mutating func take(_ item: Item?) {
        switch item {
        case .block(let block):
            held.append(block)
            take(finder.add(block))
        case .settled(let time):
            take(finder.settle(time))
            if held.isEmpty { order.append(.mark(time)) }
        case .end(let time, let damage):
            end = time
            if let damage { events.append(.damaged(reason: damage)) }
            take(finder.finish())
        case nil: break
        }
    }

    private mutating func take(_ step: LanguageFinder.Step) {
        switch step {
        case .wait, .decided(nil): break
        case .listen(let block): toProbe = block
        case .decided(let language?): events.append(.language(language))
        }
    }

    /// Starts every task that can be started.
    private mutating func startTasks(in tasks: inout Tasks, _ items: some AsyncSequence<Item, any Error> & Sendable) {
        if let block = toProbe {
            toProbe = nil
            running += 1
            tasks.addTask { [pool, threads] in .languages(try await pool.languageProbabilities(of: block, threads: threads), of: block) }
        }
        let isReady = finder.isDecided && !finder.expectsSecondBlock
        while isReady, !held.isEmpty, running < width, order.count < orderLimit { recognize(held.removeFirst(), in: &tasks) }
        guard !isReading, end == nil, held.count < LanguageFinder.voters, order.count < orderLimit else { return }
        isReading = true
        tasks.addTask {
            var iterator = items.makeAsyncIterator()
            let item = try await iterator.next()
            // A cancelled task gets nil.
            try Task.checkCancellation()
            return .item(item)
        }
    }

    private var orderLimit: Int { 2 * width + 2 }

    private mutating func recognize(_ block: Block, in tasks: inout Tasks) {
        number += 1
        running += 1
        order.append(.block(block, number: number, nil))
        // The number of recognitions at the same time is only known once no further block is to be waited for.
        let expected = end == nil && !finder.hasSingleBlock ? width : min(width, running + held.count)
        let recognition = RecognitionOptions(options, language: finder.language)
        tasks.addTask { [pool, threads, number] in
            let recognized = try await pool.recognize(block, options: recognition, threads: threads, expecting: expected)
            return .recognized(recognized, number: number)
        }
    }

    /// Makes events of the complete entries, in order.
    private mutating func reportComplete() {
        while let entry = order.first {
            switch entry {
            case .mark(let time): pass(time)
            case .block(_, _, nil): return
            case .block(let block, _, let recognized?): complete(block, recognized)
            }
            order.removeFirst()
        }
        guard let end, held.isEmpty else { return }
        if channels > 1 { events += merge.turns(before: .distantFuture).map { .block($0) } }
        report(end)
        events.append(.finished(duration: end))
    }

    private mutating func complete(_ block: Block, _ recognized: RecognizedBlock) {
        let (start, end) = (Timestamp(sample: block.start), Timestamp(sample: block.end))
        if channels > 1 {
            pass(start)
            merge.add(recognized, channel: block.channel)
        } else {
            let (segments, removed) = (recognized.segments, recognized.removed)
            events.append(.block(CompletedBlock(start: start, end: end, channel: block.channel, segments: segments, removed: removed)))
            report(end)
        }
    }

    /// Records that nothing more will begin before a time.
    private mutating func pass(_ time: Timestamp) {
        if channels > 1 { events += merge.turns(before: time).map { .block($0) } }
        report(time)
    }

    private mutating func report(_ time: Timestamp) {
        guard time > position else { return }
        position = time
        events.append(.progress(position: time))
    }
}
