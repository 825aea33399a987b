import Archive
import AsyncAlgorithms
import Audio
import Foundation
import Logging
import ModelLibrary
import ServiceLifecycle
import Speech
import SystemPackage
import Transcripts

/// What the operator may set for a worker.
package struct WorkerSettings: Sendable {
    /// What it calls itself in the database and the logs.
    package var name: String
    /// How long a job stays with a worker that has gone silent. Renewed three times in that span.
    package var lease: Duration
    /// The threads the engine computes with; nil for as many as there are free cores.
    package var threads: Int?
    /// The longest recording to accept; nil for any.
    package var maximumDuration: Duration?

    package init(name: String, lease: Duration = .seconds(15), threads: Int? = nil, maximumDuration: Duration? = nil) {
        self.name = name
        self.lease = lease
        self.threads = threads
        self.maximumDuration = maximumDuration
    }
}

/// Takes jobs and does them, one after the other, until shut down.
package struct Worker: Service {
    let archive: Archive
    let hub: EventHub
    let engines: Engines
    let settings: WorkerSettings

    package init(archive: Archive, hub: EventHub, models: ModelLibrary, settings: WorkerSettings) {
        self.archive = archive
        self.hub = hub
        self.engines = Engines(models: models)
        self.settings = settings
    }

    /// Works until graceful shutdown. A block that is being recognised then is given up; whoever takes the job next starts with it.
    package func run() async throws {
        await withGracefulShutdownAsCancellation {
            await workThroughJobs()
        }
    }

    private func workThroughJobs() async {
        // Besides being told of new jobs it looks now and then by itself: for leases that ran out and retries that are due.
        let wakeUps = merge(hub.jobs(), AsyncTimerSequence(interval: .seconds(2), clock: .continuous).map { _ in })
        for await _ in wakeUps {
            do {
                while !Task.isCancelled, let job = try await archive.takeJob(worker: settings.name, lease: settings.lease) {
                    await withLogger(mergingMetadata: ["job": "\(job.id)", "transcription": "\(job.transcriptionID)"]) { _ in
                        await work(on: job)
                    }
                }
            } catch is CancellationError {
                return
            } catch {
                Logger.current.error("No job could be taken; trying again", metadata: ["error": "\(error)"])
            }
        }
    }

    private func work(on job: Job) async {
        do {
            // A job that always takes its worker down with it must not do so for ever.
            if job.failures >= Retry.limit * 4 {
                return try await archive.fail(job, TranscriptionFailure(code: "gave_up", message: "The work was interrupted too often."))
            }
            try await whileHolding(job) {
                try await transcribe(job)
            }
        } catch is LeaseLost {
            Logger.current.notice("The job was cancelled, deleted or taken over; its result is dropped")
        } catch  where error is CancellationError || Task.isCancelled {
            await uncancelled {
                do { try await archive.release(job) } catch { Logger.current.notice("The job could not be given back") }
            }
        } catch {
            await settle(job, after: error)
        }
    }

    /// Decides what a failure means: final for a bad recording, another try for anything that may pass.
    private func settle(_ job: Job, after error: any Error) async {
        Logger.current.warning("The job failed", metadata: ["error": "\(error)", "failures": "\(job.failures + 1)"])
        do {
            if let failure = TranscriptionFailure(final: error) {
                try await archive.fail(job, failure)
            } else if job.failures + 1 >= Retry.limit {
                try await archive.fail(
                    job,
                    TranscriptionFailure(code: "engine_failed", message: "The transcription failed \(Retry.limit) times in a row.")
                )
            } else {
                try await archive.postpone(job, by: Retry.delay(afterFailures: job.failures + 1))
            }
        } catch {
            // The lease runs out by itself, and then the job is taken again.
            Logger.current.error("The job's failure could not be stored", metadata: ["error": "\(error)"])
        }
    }

    /// Renews the lease while the work is being done, and stops the work when the lease is lost.
    private func whileHolding(_ job: Job, _ work: @escaping @Sendable () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await work()
            }
            group.addTask {
                var heldUntil = ContinuousClock.now + settings.lease
                while true {
                    try await Task.sleep(for: settings.lease / 3)
                    do {
                        try await archive.renew(job, lease: settings.lease)
                        heldUntil = .now + settings.lease
                    } catch let error where !(error is LeaseLost) && !(error is CancellationError) && ContinuousClock.now < heldUntil {
                        Logger.current.warning("The lease could not be renewed; trying again", metadata: ["error": "\(error)"])
                    }
                }
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }
}

/// Runs the work so that graceful shutdown cancels it.
private func withGracefulShutdownAsCancellation(_ work: @escaping @Sendable () async -> Void) async {
    await withTaskGroup(of: Void.self) { group in
        group.addTask { await work() }
        group.addTask { try? await gracefulShutdown() }
        await group.next()
        group.cancelAll()
    }
}

/// Runs work that must also be done in a task that has been cancelled, such as giving back what was borrowed.
private func uncancelled(_ work: @escaping @Sendable () async -> Void) async {
    await Task { await work() }.value
}
