import Archive
import Logging
import Speech
import Transcripts

/// A preparation was put back before its end.
enum GaveWay: Error {
    /// Another recording is prepared first.
    case toAnother
    /// Enough sound waits to be recognized.
    case toRecognition
}

/// What a preparation needs besides the reader's events: the archive and the engine, or a test's replacement for them.
protocol PreparationServices: Sendable {
    /// Appends sound to the spool.
    func spool(_ channels: [[Float]], at start: Int) async throws

    /// Stores blocks, and how far the recording is prepared and spooled.
    func store(_ blocks: [StoredBlock], preparedUntil: Timestamp, spooledUntil: Timestamp) async throws

    /// Stores the recording's language.
    func store(_ language: DetectedLanguage) async throws

    /// Stores that every block is known, and what is wrong with the file if it could only be read in part.
    func finish(end: Timestamp, damage: Damage?) async throws

    /// The language probabilities of a block.
    func languageProbabilities(of block: Block) async throws -> LanguageProbabilities

    /// Returns the job to the queue if another recording has waited long enough.
    func giveWay(at position: Timestamp) async throws -> Bool
}

/// Turns the reader's events into stored blocks with a language.
struct Preparation {
    private let services: any PreparationServices
    private let start: Timestamp
    /// Whether an earlier attempt has stored every block, so that only the sound is needed again.
    private let isPrepared: Bool

    private var finder: LanguageFinder
    private var blocks: [StoredBlock] = []
    private var spooledUntil: Timestamp
    private var settledUntil: Timestamp
    private var storedUntil: Timestamp
    private var gaveWayUntil: Timestamp

    /// - Parameters:
    ///   - start: Where the requested part of the recording begins.
    ///   - preparedUntil: How far an earlier attempt has prepared it.
    init(
        _ services: any PreparationServices,
        finder: LanguageFinder,
        start: Timestamp = .zero,
        preparedUntil: Timestamp = .zero,
        isPrepared: Bool = false
    ) {
        self.services = services
        self.finder = finder
        self.start = start
        self.isPrepared = isPrepared
        spooledUntil = start
        settledUntil = max(start, preparedUntil)
        storedUntil = start
        gaveWayUntil = start
    }

    /// Handles an event of the reader.
    ///
    /// Blocks are stored once the language is decided, together with the time from which reading would resume; silence is stored every ten
    /// seconds.
    mutating func handle(_ event: BlockReader.Event) async throws {
        switch event {
        case .sound(let start, let channels):
            try await services.spool(channels, at: start)
            spooledUntil = Timestamp(sample: start + (channels.first?.count ?? 0))
        case .block(let block):
            blocks.append(StoredBlock(block))
            try await take(finder.add(block))
        case .settled(let time):
            settledUntil = max(settledUntil, time)
            try await take(finder.settle(time))
            let isNews = !blocks.isEmpty || settledUntil - storedUntil >= Timestamp(milliseconds: 10_000)
            if finder.isDecided || blocks.isEmpty, isNews { try await store() }
            try await giveWay()
        }
    }

    /// Stores the rest, when the reader has reached the end.
    mutating func finish(end: Timestamp, damage: Damage? = nil) async throws {
        try await take(finder.finish())
        // All sound is in the spool, including the part of a millisecond by which the last block's end was rounded up.
        spooledUntil = .distantFuture
        if !isPrepared { settledUntil = max(settledUntil, end) }
        try await store()
        try await services.finish(end: end, damage: damage)
    }

    private mutating func store() async throws {
        try await services.store(blocks, preparedUntil: settledUntil, spooledUntil: spooledUntil)
        blocks = []
        storedUntil = settledUntil
    }

    private mutating func take(_ step: LanguageFinder.Step) async throws {
        var step = step
        while case .listen(let block) = step {
            step = finder.record(try await services.languageProbabilities(of: block), from: block)
        }
        if case .decided(let language?) = step { try await services.store(language) }
    }

    /// Every ten minutes of sound, lets another recording go first if it has waited long enough.
    private mutating func giveWay() async throws {
        guard blocks.isEmpty, settledUntil - gaveWayUntil >= Timestamp(milliseconds: 600_000) else { return }
        gaveWayUntil = settledUntil
        if try await services.giveWay(at: settledUntil - start) { throw GaveWay.toAnother }
    }
}

extension StoredBlock {
    fileprivate init(_ block: Block) {
        self.init(
            channel: block.channel,
            start: Timestamp(sample: block.start),
            end: Timestamp(sampleRoundedUp: block.end),
            speech: block.speech.map(Timestamp.init(seconds:))
        )
    }
}
