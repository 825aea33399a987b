import Archive
import Basics
import Synchronization

/// A job has made no progress for so long that it must be stuck where it can't be stopped, such as in the engine.
package struct JobStuck: Error, CustomStringConvertible {
    let limit: Duration

    package var description: String {
        """
        A job has made no progress for \(Int(clamping: limit.seconds)) seconds and can't be stopped, so the worker ends. \
        Once it is started again, it continues the work.
        """
    }
}

/// When each job that runs last made progress: when it began, or prepared some more sound.
final class JobProgress: Sendable {
    private let times = Mutex<[Int64: ContinuousClock.Instant]>([:])

    func made(by job: Job) {
        times.withLock { $0[job.id] = .now }
    }

    func end(of job: Job) {
        times.withLock { $0[job.id] = nil }
    }

    /// For how long the job that is silent longest has made no progress; nil while none runs.
    var silence: Duration? {
        times.withLock { $0.values.min() }.map { .now - $0 }
    }

    /// Returns when a job has made no progress for so long.
    ///
    /// - Throws: `CancellationError`.
    func waitForSilence(of limit: Duration) async throws {
        while true {
            let left = limit - (silence ?? .zero)
            guard left > .zero else { return }
            try await Task.sleep(for: left)
        }
    }
}
