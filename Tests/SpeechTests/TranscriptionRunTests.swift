import Synchronization
import Testing
import Transcripts

@testable import Speech

@Suite("A run from blocks to text")
struct TranscriptionRunTests {
    @Test("reports blocks in their order, whichever is recognized first, and never recognizes more than its width at a time")
    func order() async throws {
        let pool = FakePool(size: 3) { block in
            for _ in 0..<(block.start % 7 * 20) { await Task.yield() }
        }
        let events = try await events(of: blocks(40) + [.end(time(40))], pool: pool)
        #expect(starts(in: events) == (0..<40).map { time($0) })
        #expect(pool.most <= 3)
        let positions = events.compactMap { event -> Timestamp? in if case .progress(let position) = event { position } else { nil } }
        #expect(positions == positions.sorted() && positions.last == time(40))
        #expect(events.last == .finished(duration: time(40)))
    }

    @Test("the language is reported before the first text, and every block is recognized in it")
    func language() async throws {
        let pool = FakePool(size: 2)
        let events = try await events(of: blocks(3) + [.end(time(3))], pool: pool)
        #expect(events.first == .language(DetectedLanguage(code: "de", probability: 1)))
        #expect(pool.probed == [0])
        #expect(pool.languages == ["de", "de", "de"])
    }

    @Test("a single block is recognized with all threads, without a vote, and its language is reported")
    func single() async throws {
        let pool = FakePool(size: 2)
        let events = try await events(of: blocks(1) + [.end(time(1))], pool: pool)
        #expect(pool.probed.isEmpty && pool.languages == [nil] && pool.expected == [1])
        #expect(events.contains(.language(DetectedLanguage(code: "es", probability: 0.7))))
        #expect(starts(in: events) == [.zero])
    }

    @Test("silence is progress, and a recording without blocks has neither text nor language")
    func silence() async throws {
        let pool = FakePool(size: 1)
        let events = try await events(of: [.settled(time(1)), .settled(time(2)), .end(time(2))], pool: pool)
        #expect(events == [.progress(position: time(1)), .progress(position: time(2)), .finished(duration: time(2))])
    }

    @Test("a failure of the reader, of a recognizer or of the handler ends it", arguments: [0, 1, 2])
    func failure(_ kind: Int) async throws {
        struct Failure: Error {}
        let pool = FakePool(size: 2) { block in if kind == 1, block.start > 0 { throw Failure() } }
        await #expect(throws: Failure.self) {
            let items = stream(blocks(50) + [.end(time(50))], failure: kind == 0 ? Failure() : nil)
            var run = TranscriptionRun(pool: pool, options: TranscriptionOptions(), channels: 1, threads: nil)
            try await run.run(items) { event in if kind == 2, case .block = event { throw Failure() } }
        }
    }

    @Test("a run that is cancelled ends, although the reader sends nothing more")
    func cancellation() async throws {
        let (items, input) = AsyncThrowingStream<TranscriptionRun.Item, any Error>.makeStream()
        let task = Task {
            var run = TranscriptionRun(pool: FakePool(size: 1), options: TranscriptionOptions(), channels: 1, threads: nil)
            try await run.run(items) { _ in }
        }
        input.yield(blocks(1)[0])
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    private func events(of items: [TranscriptionRun.Item], pool: FakePool) async throws -> [TranscriptionEvent] {
        var run = TranscriptionRun(pool: pool, options: TranscriptionOptions(), channels: 1, threads: nil)
        var events: [TranscriptionEvent] = []
        try await run.run(stream(items)) { events.append($0) }
        return events
    }

    private func stream(
        _ items: [TranscriptionRun.Item],
        failure: (any Error)? = nil
    ) -> AsyncThrowingStream<TranscriptionRun.Item, any Error> {
        AsyncThrowingStream { input in
            // The error comes before the end.
            for item in failure == nil ? items[...] : items.dropLast() { input.yield(item) }
            input.finish(throwing: failure)
        }
    }

    private func blocks(_ count: Int) -> [TranscriptionRun.Item] {
        (0..<count).map { .block(Block(start: time($0).sample, samples: [Float](repeating: 0, count: 16_000), speech: 1)) }
    }

    private func time(_ seconds: Int) -> Timestamp { Timestamp(milliseconds: seconds * 1000) }

    private func starts(in events: [TranscriptionEvent]) -> [Timestamp] {
        events.compactMap { event in if case .block(let block) = event { block.segments.first?.start } else { nil } }
    }
}

/// Writes a segment for each block, and records how it was called.
private final class FakePool: BlockRecognizing {
    private struct State {
        var running = 0
        var most = 0
        var probed: [Int] = []
        var languages: [String?] = []
        var expected: [Int] = []
    }

    let size: Int
    var isMultilingual: Bool { true }
    private let work: @Sendable (Block) async throws -> Void
    private let state = Mutex(State())

    init(size: Int, work: @escaping @Sendable (Block) async throws -> Void = { _ in }) {
        self.size = size
        self.work = work
    }

    var most: Int { state.withLock(\.most) }
    var probed: [Int] { state.withLock(\.probed) }
    var languages: [String?] { state.withLock(\.languages) }
    var expected: [Int] { state.withLock(\.expected) }

    func check(_ options: TranscriptionOptions) {}

    func languageProbabilities(of block: Block, threads: Int?) async throws -> LanguageProbabilities {
        state.withLock { $0.probed.append(block.start) }
        return LanguageProbabilities(values: ["de": 1], noSpeech: 0)
    }

    func recognize(_ block: Block, options: RecognitionOptions, threads: Int?, expecting expected: Int) async throws -> RecognizedBlock {
        state.withLock { state in
            state.running += 1
            state.most = max(state.most, state.running)
            state.languages.append(options.language)
            state.expected.append(expected)
        }
        defer { state.withLock { $0.running -= 1 } }
        try await work(block)
        let segment = Segment(start: Timestamp(sample: block.start), end: Timestamp(sample: block.end), text: "So.")
        let language = options.language.map { DetectedLanguage(code: $0) } ?? DetectedLanguage(code: "es", probability: 0.7)
        return RecognizedBlock(language: language, segments: [segment])
    }
}
