import Archive
import Audio
import Logging
import Speech
import Transcripts

/// Another recording is prepared first.
private struct GaveWay: Error {}

extension Worker {
    /// Decodes a recording into the spool, finds its speech and its language, and queues its blocks as they are cut.
    func prepare(_ job: Job) async throws {
        let transcription = try await queue.begin(job)
        let options = transcription.request.options
        Logger.current.info("Preparing", metadata: ["from_ms": "\(transcription.preparedUntil.milliseconds)"])
        let reader = BlockReader(
            path: recordings.path(of: transcription.audioFile.storedFilename),
            options: options,
            channels: transcription.channels,
            maximumDuration: settings.maximumDuration
        )
        var preparation = Preparation(
            worker: self,
            job: job,
            transcription: transcription,
            spool: try await recordings.spool(writing: transcription.id, channels: transcription.channels)
        )
        do {
            let from = transcription.isPrepared ? Timestamp(milliseconds: .max / 32) : transcription.preparedUntil
            let end = try await reader.read(from: from) { try await preparation.handle($0) }
            try await preparation.finish(end: end)
        } catch is GaveWay {
            Logger.current.info("Another recording is prepared first")
        }
    }
}

/// One recording on its way into blocks.
private struct Preparation {
    private let worker: Worker
    private let job: Job
    private let transcription: Transcription
    private let spool: SoundSpool
    private let start: Timestamp

    /// The search for the language; nil once it is known.
    private var vote: LanguageVote?
    /// The first block, which votes once there is a second one: a single block's language is found while it is recognised.
    private var firstVoter: Block?
    private var blocks: [StoredBlock] = []
    private var spooledUntil: Timestamp
    private var settledUntil: Timestamp
    private var storedUntil: Timestamp
    private var lookedAround: Timestamp

    init(worker: Worker, job: Job, transcription: Transcription, spool: SoundSpool) {
        self.worker = worker
        self.job = job
        self.transcription = transcription
        self.spool = spool
        start = transcription.request.options.start ?? .zero
        vote = transcription.language == nil ? LanguageVote(allowed: transcription.request.options.allowedLanguages) : nil
        spooledUntil = start
        settledUntil = max(start, transcription.preparedUntil)
        storedUntil = start
        lookedAround = start
    }

    mutating func handle(_ event: BlockReader.Event) async throws {
        switch event {
        case .sound(let start, let channels):
            try await spool.write(channels, at: start)
            spooledUntil = Timestamp(milliseconds: (start + (channels.first?.count ?? 0)) / 16)
        case .block(let block):
            blocks.append(StoredBlock(block))
            try await consider(block)
        case .settled(let time):
            settledUntil = max(settledUntil, time)
            // A second block may be long in coming.
            if let first = firstVoter, time - Timestamp(milliseconds: first.end / 16) > Timestamp(milliseconds: 30_000) {
                firstVoter = nil
                try await vote(of: first)
            }
            // Blocks are stored together with the place from which reading would go on; silence is news now and then.
            let isNews = !blocks.isEmpty || settledUntil - storedUntil >= Timestamp(milliseconds: 10_000)
            if vote == nil || blocks.isEmpty, isNews { try await store() }
            try await lookAround()
        }
    }

    mutating func finish(end: Timestamp) async throws {
        if let best = vote?.best { try await decide(best) }
        vote = nil
        // All there is is in the spool, also the part of a millisecond by which the last block's end was rounded up.
        spooledUntil = Timestamp(milliseconds: .max / 32)
        if !transcription.isPrepared { settledUntil = max(settledUntil, end) }
        try await store()
        let isWhole = transcription.request.options.end == nil
        let duration = isWhole ? end : max(end, transcription.audioFile.duration ?? end)
        try await worker.blocks.prepared(job, until: end, duration: duration)
        Logger.current.info("Prepared", metadata: ["end_ms": "\(end.milliseconds)"])
    }

    private mutating func store() async throws {
        try await spool.flush()
        try await worker.blocks.append(blocks, preparedUntil: settledUntil, spooledUntil: spooledUntil, to: job)
        blocks = []
        storedUntil = settledUntil
    }

    /// Lets the model hear in which language a block is, unless that is known.
    private mutating func consider(_ block: Block) async throws {
        guard vote != nil else { return }
        guard blocks.count > 1 else { return firstVoter = block }
        if let first = firstVoter {
            firstVoter = nil
            try await vote(of: first)
        }
        if vote != nil { try await vote(of: block) }
    }

    private mutating func vote(of block: Block) async throws {
        let threads = worker.settings.threads
        let probabilities = try await worker.engines.withEngine(for: transcription.request) { engine -> LanguageProbabilities? in
            guard engine.model.isMultilingual else { return nil }
            return try await engine.pool.withRecognizer { try await $0.languageProbabilities(of: block.samples, threads: threads) }
        }
        guard let probabilities else { return try await decide(SpokenLanguage(code: "en", probability: 1)) }
        vote?.add(probabilities, seconds: Double(block.samples.count) / 16_000)
        if let decision = vote?.decision { try await decide(decision) }
    }

    private mutating func decide(_ language: SpokenLanguage) async throws {
        vote = nil
        Logger.current.info("Language", metadata: ["language": "\(language.code)", "probability": "\(language.probability)"])
        try await worker.blocks.noteLanguage(language.code, probability: language.probability, of: job)
    }

    /// Every ten minutes of sound, lets another recording go first that has waited long enough.
    private mutating func lookAround() async throws {
        guard blocks.isEmpty, settledUntil - lookedAround >= Timestamp(milliseconds: 600_000) else { return }
        lookedAround = settledUntil
        if try await worker.queue.yield(job, at: settledUntil - start) { throw GaveWay() }
    }
}

extension StoredBlock {
    fileprivate init(_ block: Block) {
        self.init(
            channel: block.channel,
            start: Timestamp(milliseconds: block.start / 16),
            end: Timestamp(milliseconds: (block.end + 15) / 16),
            speech: block.speech.map(Timestamp.init(seconds:))
        )
    }
}
