import Archive
import AsyncAlgorithms
import Foundation
import Logging
import ModelLibrary
import ServiceLifecycle
import Transcripts

/// Takes jobs and does them until shut down: one recording is prepared and several blocks are recognised at a time.
package struct Worker: Service {
    let queue: JobQueue
    let blocks: BlockStore
    let recordings: RecordingFolder
    let registry: WorkerRegistry
    let hub: EventHub
    let engines: Engines
    let settings: WorkerSettings
    /// Says that there may be room for another job.
    let room = WakeUpCall()

    package init(
        queue: JobQueue,
        blocks: BlockStore,
        recordings: RecordingFolder,
        registry: WorkerRegistry,
        hub: EventHub,
        models: ModelLibrary,
        settings: WorkerSettings
    ) {
        self.queue = queue
        self.blocks = blocks
        self.recordings = recordings
        self.registry = registry
        self.hub = hub
        self.settings = settings
        self.engines = Engines(models: models, settings: settings)
    }

    /// Works until graceful shutdown. Blocks that are being recognised then have `stopGrace` to be finished. What isn't by then, and the
    /// preparing of recordings, is given up; whoever takes the job next goes on with it.
    package func run() async throws {
        await withCancellation(after: settings.stopGrace) {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await sayThatItIsThere() }
                group.addTask { await answerModelRequests() }
                group.addTask { await withCancellation(after: .zero) { await takeJobs([.prepare]) { 1 } } }
                await takeJobs([.finish, .block], whenIdle: { await engines.calibrate() }) { await engines.lanes }
                group.cancelAll()
            }
        }
        await uncancelled { try? await registry.dismiss(worker: settings.name) }
    }

    private func sayThatItIsThere() async {
        let timer = AsyncTimerSequence(interval: .seconds(5), clock: .continuous).map { _ in }
        for await _ in chain([()].async, merge(engines.changes.signals(), timer)) {
            await engines.unloadIdle()
            do {
                try await registry.announce(
                    worker: settings.name,
                    lanes: await engines.lanes,
                    models: await engines.report,
                    device: WorkerDevice.chosen
                )
            } catch {
                Logger.current.debug("The worker could not say that it is there", metadata: ["error": "\(error)"])
            }
        }
    }

    private func answerModelRequests() async {
        for await request in hub.modelRequests() {
            switch request {
            case .load(let name): await engines.load(name)
            case .unload(let name): await engines.unload(name)
            }
        }
    }

    /// Does jobs of these kinds, at most `limit` at a time, and takes none any more from graceful shutdown on.
    private func takeJobs(
        _ kinds: [Job.Kind],
        whenIdle: @escaping @Sendable () async -> Void = {},
        limit: @escaping @Sendable () async -> Int
    ) async {
        // Besides being told of new jobs it looks now and then by itself: for leases that ran out and retries that are due.
        let timer = AsyncTimerSequence(interval: .seconds(2), clock: .continuous).map { _ in }
        let wakeUps = merge(hub.jobs(), room.signals(), timer)
        let running = Counter()
        await withDiscardingTaskGroup { group in
            for await _ in wakeUps.cancelOnGracefulShutdown() {
                do {
                    while !Task.isCancelled, !Task.isShuttingDownGracefully, await running.value < limit() {
                        guard let job = try await take(kinds) else {
                            if running.value == 0 { await whenIdle() }
                            break
                        }
                        running.add(1)
                        group.addTask {
                            await withLogger(mergingMetadata: job.logMetadata) { _ in await work(on: job) }
                            running.add(-1)
                            room.signal()
                        }
                    }
                } catch is CancellationError {
                    return
                } catch {
                    Logger.current.error("No job could be taken; trying again", metadata: ["error": "\(error)"])
                }
            }
        }
    }

    /// The next job for whose model there is a file here; what needs another one waits until it has been downloaded.
    private func take(_ kinds: [Job.Kind]) async throws -> Job? {
        try await queue.take(kinds, models: engines.available, worker: settings.name, lease: settings.lease)
    }

    private func work(on job: Job) async {
        do {
            // A job that always takes its worker down with it must not do so for ever.
            if job.failures >= Retry.limit * 4 {
                return try await queue.fail(job, TranscriptionFailure(code: "gave_up", message: "The work was interrupted too often."))
            }
            try await whileHolding(job) {
                switch job.kind {
                case .prepare: try await prepare(job)
                case .block: try await recognise(job)
                case .finish: try await finish(job)
                }
            }
        } catch is LeaseLost {
            Logger.current.notice("The job was cancelled, paused, deleted or taken over; its result is dropped")
        } catch  where error is CancellationError || Task.isCancelled {
            await uncancelled {
                do { try await queue.release(job) } catch { Logger.current.notice("The job could not be given back") }
            }
        } catch {
            await settle(job, after: error)
        }
    }

    private func finish(_ job: Job) async throws {
        let transcription = try await queue.begin(job)
        try await queue.finish(job)
        Logger.current.info(
            "Transcribed",
            metadata: [
                "duration_ms": "\((transcription.duration ?? .zero).milliseconds)",
                "processing_ms": "\(transcription.processingTime.milliseconds)",
            ]
        )
    }

    /// Decides what a failure means: final for a bad recording, another try for anything that may pass.
    private func settle(_ job: Job, after error: any Error) async {
        Logger.current.warning("The job failed", metadata: ["error": "\(error)", "failures": "\(job.failures + 1)"])
        do {
            if let failure = TranscriptionFailure(final: error) {
                try await queue.fail(job, failure)
            } else if job.failures + 1 >= Retry.limit {
                try await queue.fail(job, TranscriptionFailure(afterRetries: error))
            } else {
                try await queue.postpone(job, by: Retry.delay(afterFailures: job.failures + 1))
            }
        } catch {
            // The lease runs out by itself, and then the job is taken again.
            Logger.current.error("The job's failure could not be stored", metadata: ["error": "\(error)"])
        }
    }
}

extension Job {
    fileprivate var logMetadata: Logger.Metadata {
        var metadata: Logger.Metadata = ["job": "\(id)", "kind": "\(kind)", "transcription": "\(transcriptionID)"]
        if let block { metadata["block"] = "\(block)" }
        return metadata
    }
}

/// Runs the work, and cancels it so long after graceful shutdown began.
private func withCancellation(after grace: Duration, _ work: @escaping @Sendable () async -> Void) async {
    await withTaskGroup(of: Void.self) { group in
        group.addTask { await work() }
        group.addTask {
            try? await gracefulShutdown()
            try? await Task.sleep(for: grace)
        }
        await group.next()
        group.cancelAll()
    }
}

/// Runs work that must also be done in a task that has been cancelled, such as giving back what was borrowed.
private func uncancelled(_ work: @escaping @Sendable () async -> Void) async {
    await Task { await work() }.value
}
