import Archive
import AsyncAlgorithms
import Basics
import Foundation
import Logging
import ModelLibrary
import ServiceLifecycle
import Speech
import Transcripts

/// A job exceeded its time limit.
struct TimeLimitExceeded: Error {
    let limit: Duration
}

/// Does jobs until it is shut down: prepares one recording and recognizes several blocks at a time.
package struct Worker: Service {
    let queue: JobQueue
    let blocks: BlockStore
    let recordings: RecordingFolder
    let registry: WorkerRegistry
    let hub: EventHub
    let engines: Engines
    let settings: WorkerSettings
    let progress = JobProgress()
    /// Signals that another job may be taken.
    let freeLanes = Broadcast<OneTopic, Void>()

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

    /// Works until graceful shutdown.
    ///
    /// - Throws: ``JobStuck`` when a job makes no progress and can't be stopped, so that the process must end and be started again.
    package func run() async throws {
        guard let limit = settings.longestSilence else { return await workUntilStopped() }
        // No task group, which would wait for ever for the job that is stuck.
        let work = Task { await workUntilStopped() }
        let watch = Task { try await progress.waitForSilence(of: limit) }
        defer { watch.cancel() }
        let (ends, end) = AsyncStream.makeStream(of: Bool.self)
        Task {
            await work.value
            end.yield(true)
        }
        Task { if case .success = await watch.result { end.yield(false) } }
        try await withTaskCancellationHandler {
            guard await ends.first(where: { _ in true }) == false else { return await work.value }
            _ = try? await Task { try await registry.dismiss(worker: settings.name) }.value(within: .seconds(2))
            throw JobStuck(limit: limit)
        } onCancel: {
            work.cancel()
        }
    }

    /// Blocks that are being recognized then have `stopGrace` to be finished. Unfinished blocks and
    /// preparations are returned to the queue, and resumed by the next worker that takes them.
    private func workUntilStopped() async {
        await withCancellation(after: settings.stopGrace) {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await reportState() }
                group.addTask { await answerModelRequests() }
                group.addTask { await withCancellation(after: .zero) { await takeJobs([.prepare]) { 1 } } }
                await takeJobs([.finish, .block], whenIdle: { await engines.calibrate() }) { await engines.lanes }
                group.cancelAll()
            }
        }
        await uncancelled { try? await registry.dismiss(worker: settings.name) }
    }

    private func reportState() async {
        let timer = AsyncTimerSequence(interval: .seconds(5), clock: .continuous).map { _ in }
        for await _ in chain([()].async, merge(engines.changes.subscribe(buffering: .bufferingNewest(1)), timer)) {
            await engines.unloadIdle()
            do {
                try await registry.announce(
                    worker: settings.name,
                    lanes: await engines.lanes,
                    models: await engines.report,
                    device: EngineDevice.used.map { WorkerDevice(name: $0.name, description: $0.description) },
                    silence: progress.silence
                )
            } catch {
                Logger.current.debug("The worker's state could not be reported", metadata: ["error": "\(error)"])
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

    /// Does jobs of these kinds, at most `limit` at a time, and takes no new ones after graceful shutdown has begun.
    private func takeJobs(
        _ kinds: [Job.Kind],
        whenIdle: @escaping @Sendable () async -> Void = {},
        limit: @escaping @Sendable () async -> Int
    ) async {
        // Expired leases and due retries are not announced, so the queue is also checked at intervals.
        let timer = AsyncTimerSequence(interval: .seconds(2), clock: .continuous).map { _ in }
        let wakeUps = merge(hub.jobs(), freeLanes.subscribe(buffering: .bufferingNewest(1)), timer)
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
                            freeLanes.send(())
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

    /// The next job whose model is installed; other jobs wait for the download of theirs.
    private func take(_ kinds: [Job.Kind]) async throws -> Job? {
        try await queue.take(kinds, models: engines.available, worker: settings.name, lease: settings.lease)
    }

    private func work(on job: Job) async {
        progress.made(by: job)
        defer { progress.end(of: job) }
        do {
            // A job that crashes its worker each time must not be repeated for ever.
            if job.failures >= Retry.limit * 4 {
                return try await queue.fail(job, TranscriptionFailure(code: "gave_up", message: "The work was interrupted too often."))
            }
            try await whileHolding(job) {
                switch job.kind {
                case .prepare: try await prepare(job)
                case .block: try await recognize(job)
                case .finish: try await finish(job)
                }
            }
        } catch is LeaseLost {
            Logger.current.notice("The job was cancelled, paused, deleted or taken over; its result is dropped")
        } catch  where error is CancellationError || Task.isCancelled {
            await uncancelled {
                do { try await queue.release(job) } catch { Logger.current.notice("The job could not be returned to the queue") }
            }
        } catch {
            await settle(job, after: error)
        }
    }

    /// Renews the lease while the work runs, and stops the work when the lease is lost or the time limit is reached.
    private func whileHolding(_ job: Job, _ work: @escaping @Sendable () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await work() }
            group.addTask { try await keepLease(of: job) }
            group.addTask { try await watch(job) }
            if let limit = settings.timeLimit {
                group.addTask {
                    try await Task.sleep(for: limit)
                    throw TimeLimitExceeded(limit: limit)
                }
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private func keepLease(of job: Job) async throws {
        var heldUntil = ContinuousClock.now + settings.lease
        while true {
            try await Task.sleep(for: settings.lease / 3)
            do {
                try await queue.renew(job, lease: settings.lease)
                heldUntil = .now + settings.lease
            } catch let error where !(error is LeaseLost) && !(error is CancellationError) && ContinuousClock.now < heldUntil {
                Logger.current.warning("The lease could not be renewed; trying again", metadata: ["error": "\(error)"])
            }
        }
    }

    /// Stops a job as soon as its transcription is cancelled, paused or deleted.
    private func watch(_ job: Job) async throws {
        for await _ in hub.changes(of: job.transcriptionID) {
            // If the database is unreachable, renewing the lease decides.
            let isWanted = (try? await queue.isWanted(job)) ?? true
            try Task.checkCancellation()
            if !isWanted { throw LeaseLost() }
        }
        // The hub has stopped; from now on renewing the lease decides.
        try await Task.sleep(for: .seconds(86_400 * 365))
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

    /// Fails the job for an error that a retry would meet again, and schedules a retry otherwise.
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
            // When its lease expires, the job is taken again.
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

/// Runs the work, and cancels it when `grace` has passed since graceful shutdown began.
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

/// Runs work that must also be done in a cancelled task, such as returning a job to the queue.
private func uncancelled(_ work: @escaping @Sendable () async -> Void) async {
    await Task { await work() }.value
}
