import Archive
import Logging

/// A job took longer than one may.
struct TimeLimitExceeded: Error {
    let limit: Duration
}

extension Worker {
    /// Renews the lease while the work is being done, and stops the work when the lease is lost or the time is up.
    func whileHolding(_ job: Job, _ work: @escaping @Sendable () async throws -> Void) async throws {
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

    /// Lets go of a job as soon as its transcription is cancelled, paused or deleted.
    private func watch(_ job: Job) async throws {
        for await _ in hub.changes(of: job.transcriptionID) {
            // A database that is away is the lease's matter.
            let isWanted = (try? await queue.isWanted(job)) ?? true
            try Task.checkCancellation()
            if !isWanted { throw LeaseLost() }
        }
        // The hub has stopped; the lease still tells.
        try await Task.sleep(for: .seconds(86_400 * 365))
    }
}
