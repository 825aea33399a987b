import Archive
import Audio
import Basics
import Logging
import Speech
import Transcripts

extension Worker {
    /// Decodes a recording into the spool, finds its speech and its language, and queues its blocks as they are cut.
    func prepare(_ job: Job) async throws {
        let transcription = try await queue.begin(job)
        let options = transcription.request.options
        Logger.current.info("Preparing", metadata: ["from_ms": "\(transcription.preparedUntil.milliseconds)"])
        let left = transcription.wantedDuration.map { $0 - (transcription.storedUntil - (options.start ?? .zero)) }
        try await recordings.checkSpoolSpace(for: left.map { max(.zero, $0) }, channels: transcription.channels)
        let reader = BlockReader(
            path: recordings.path(of: transcription.audioFile.storedFilename),
            options: options,
            channels: transcription.channels,
            maximumDuration: settings.maximumDuration
        )
        let services = JobPreparation(
            worker: self,
            job: job,
            transcription: transcription,
            spool: try await recordings.spool(writing: transcription.id, channels: transcription.channels)
        )
        var preparation = Preparation(
            services,
            finder: LanguageFinder(
                options,
                known: transcription.language.flatMap(Language.init(code:)),
                isMultilingual: engines.isMultilingual(transcription.request.model)
            ),
            start: options.start ?? .zero,
            preparedUntil: transcription.preparedUntil,
            isPrepared: transcription.isPrepared
        )
        do {
            let from = transcription.isPrepared ? .distantFuture : transcription.preparedUntil
            let outcome = try await reader.read(from: from) { try await preparation.handle($0) }
            let damage = outcome.damage.map { Damage(message: $0, readUntil: outcome.end) }
            try await preparation.finish(end: outcome.end, damage: damage)
        } catch GaveWay.toAnother {
            Logger.current.info("Another recording is prepared first")
        } catch GaveWay.toRecognition {
            Logger.current.debug("Prepared far enough ahead")
        }
    }
}

/// A preparation's services for a job: the archive, the spool and the engines.
private struct JobPreparation: PreparationServices {
    let worker: Worker
    let job: Job
    let transcription: Transcription
    let spool: SoundSpool

    func spool(_ channels: [[Float]], at start: Int) async throws {
        // Sound whose text is stored would only take the disk's space.
        guard Timestamp(sample: start + (channels.first?.count ?? 0)) > transcription.storedUntil else { return }
        try await spool.write(channels, at: start)
        worker.progress.made(by: job)
    }

    func store(_ blocks: [StoredBlock], preparedUntil: Timestamp, spooledUntil: Timestamp) async throws {
        try await spool.flush()
        Failpoint.reached("spool.flushed")
        let storedUntil = try await worker.blocks.append(blocks, preparedUntil: preparedUntil, spooledUntil: spooledUntil, to: job)
        guard let ahead = worker.recordings.prepareAhead, spooledUntil < .distantFuture, spooledUntil - storedUntil > ahead else { return }
        // It is decoded from its beginning again: so that this is worth it, a good part of what is ahead must have been recognized before.
        try await worker.queue.putBack(
            job,
            at: spooledUntil - (transcription.request.options.start ?? .zero),
            untilStored: spooledUntil - Timestamp(milliseconds: ahead.milliseconds / 4)
        )
        throw GaveWay.toRecognition
    }

    func store(_ language: DetectedLanguage) async throws {
        let probability = language.probability.map { "\($0)" } ?? "asked for"
        Logger.current.info("Language", metadata: ["language": "\(language.code)", "probability": "\(probability)"])
        try await worker.blocks.noteLanguage(language, of: job)
    }

    func finish(end: Timestamp, damage: Damage?) async throws {
        let isWhole = transcription.request.options.end == nil
        let duration = isWhole ? end : max(end, transcription.audioFile.duration ?? end)
        try await worker.blocks.prepared(job, until: end, duration: duration, damage: damage)
        Logger.current.info("Prepared", metadata: ["end_ms": "\(end.milliseconds)"])
    }

    func languageProbabilities(of block: Block) async throws -> LanguageProbabilities {
        try await worker.engines.withEngine(for: transcription.request) { engine in
            try await engine.pool.languageProbabilities(of: block, threads: worker.settings.threads)
        }
    }

    func giveWay(at position: Timestamp) async throws -> Bool {
        try await worker.queue.yield(job, at: position)
    }
}
