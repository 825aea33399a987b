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
    let holds: Holds
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
        let engines = Engines(models: models, settings: settings)
        self.engines = engines
        holds = Holds(check: MachineCheck(recordings: recordings, registry: registry, engines: engines, worker: settings.name))
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
                group.addTask { await holds.run() }
                await takeJobs()
                group.cancelAll()
            }
        }
        await uncancelled { try? await registry.dismiss(worker: settings.name) }
    }

    private func reportState() async {
        let timer = AsyncTimerSequence(interval: .seconds(5), clock: .continuous).map { _ in }
        let (loaded, held) = (engines.changes, holds.changes)
        let changes = merge(loaded.subscribe(buffering: .bufferingNewest(1)), held.subscribe(buffering: .bufferingNewest(1)), timer)
        for await _ in chain([()].async, changes) {
            await engines.unloadIdle()
            do {
                let available = engines.available
                for model in try await registry.neededModels() where !available.contains(model) { await holds.keep(.modelMissing(model)) }
                try await registry.announce(
                    worker: settings.name,
                    lanes: await engines.lanes,
                    models: await engines.report,
                    device: EngineDevice.used.map { WorkerDevice(name: $0.name, description: $0.description) },
                    holds: await holds.report,
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

    /// Does jobs, and takes no new ones after graceful shutdown has begun.
    private func takeJobs() async {
        // Expired leases and due retries are not announced, so the queue is also checked at intervals.
        let timer = AsyncTimerSequence(interval: .seconds(2), clock: .continuous).map { _ in }
        let lanes = freeLanes.subscribe(buffering: .bufferingNewest(1))
        let holdsChanged = holds.changes.subscribe(buffering: .bufferingNewest(1))
        let wakeUps = merge(hub.jobs(), merge(lanes, holdsChanged), timer)
        let running = RunningJobs()
        await withDiscardingTaskGroup { group in
            for await _ in wakeUps.cancelOnGracefulShutdown() {
                do {
                    while !Task.isCancelled, !Task.isShuttingDownGracefully {
                        let kinds = running.freeKinds(lanes: await engines.lanes)
                        guard !kinds.isEmpty else { break }
                        guard let job = try await take(kinds, isIdle: running.isIdle) else {
                            if running.lanesAreIdle { await engines.calibrate() }
                            break
                        }
                        running.begin(job)
                        group.addTask {
                            await withLogger(mergingMetadata: job.logMetadata) { _ in
                                // A preparation resumes where it stopped, so it is not finished within the grace.
                                if job.kind == .prepare {
                                    await withCancellation(after: .zero) { await work(on: job) }
                                } else {
                                    await work(on: job)
                                }
                            }
                            running.end(job)
                            freeLanes.send(())
                        }
                    }
                } catch is CancellationError {
                    return
                } catch let error where FailureCause(error).fault?.isOfDatabase == true {
                    if let fault = FailureCause(error).fault { await holds.keep(fault) }
                } catch {
                    Logger.current.error("No job could be taken; trying again", metadata: ["error": "\(error)"])
                }
            }
        }
    }

    /// The next job that no fault of the machine keeps waiting and whose model is installed; other jobs wait for the download of theirs.
    private func take(_ kinds: [Job.Kind], isIdle: Bool) async throws -> Job? {
        let free = await holds.free(of: kinds)
        guard !free.isEmpty else { return nil }
        let models = await holds.free(of: engines.available)
        return try await queue.take(free, models: models, worker: settings.name, lease: settings.lease, isIdle: isIdle)
    }

    private func work(on job: Job) async {
        progress.made(by: job)
        defer { progress.end(of: job) }
        do {
            // A job whose machine fails each time must not be repeated for ever.
            if job.expiries >= Retry.expiryLimit {
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

    /// Puts the job back while a fault of the machine lasts; otherwise schedules another try, or fails the job when none is left.
    private func settle(_ job: Job, after error: any Error) async {
        let cause = FailureCause(error, model: await model(of: job, after: error))
        do {
            if let fault = cause.fault, let found = await holds.confirm(fault) {
                Logger.current.debug("The job waits", metadata: ["error": "\(error)", "code": "\(found.code)"])
                // A fault of the whole machine keeps this worker from all such jobs; another worker may do this one at once.
                let isAlone = found.kinds.isEmpty
                let hold = isAlone ? Hold(code: found.code, message: found.message) : nil
                return try await holds.settle { try await queue.putBack(job, because: hold, for: isAlone ? found.pause : .zero) }
            }
            Logger.current.warning("The job failed", metadata: ["error": "\(error)", "failures": "\(job.failures + 1)"])
            let (failure, tries) = cause.failure
            try await holds.settle {
                if job.failures + 1 >= tries {
                    try await queue.fail(job, failure)
                } else {
                    try await queue.postpone(job, by: Retry.delay(afterFailures: job.failures + 1))
                }
            }
        } catch is LeaseLost {
            Logger.current.notice("The job was cancelled, paused, deleted or taken over; its failure is dropped")
        } catch {
            // When its lease expires, the job is taken again.
            Logger.current.error("The job's failure could not be stored", metadata: ["error": "\(error)"])
        }
    }

    /// The model that a job needs, where the cause of its error depends on that.
    private func model(of job: Job, after error: any Error) async -> String? {
        guard case SpeechError.memoryUnavailable = error else { return nil }
        return try? await queue.begin(job).request.model
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
