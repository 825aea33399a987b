import Foundation
import Postgres

/// How the process of a worker ended although it was not asked to end.
package enum WorkerDeath: Sendable, Hashable, CustomStringConvertible {
    case signal(Int)
    case exit(code: Int)

    /// “signal 11, SIGSEGV”, for logs and people.
    package var description: String {
        switch self {
        case .signal(let number): Self.names[number].map { "signal \(number), \($0)" } ?? "signal \(number)"
        case .exit(let code): "exit code \(code)"
        }
    }

    /// The failure of a transcription one of whose jobs ended its worker each time it ran alone.
    var failure: TranscriptionFailure {
        let sentence =
            self == .signal(Int(SIGKILL))
            ? """
            The speech engine was killed on this part three times (\(self)); memory may have run out. \
            Choose a smaller or quantized model, or give Earshot more memory.
            """
            : "The speech engine crashed on this part three times (\(self)). Retry with another model."
        return TranscriptionFailure(code: "engine_crashed", message: sentence)
    }

    private static let names = [
        Int(SIGHUP): "SIGHUP", Int(SIGINT): "SIGINT", Int(SIGILL): "SIGILL", Int(SIGTRAP): "SIGTRAP", Int(SIGABRT): "SIGABRT",
        Int(SIGBUS): "SIGBUS", Int(SIGFPE): "SIGFPE", Int(SIGKILL): "SIGKILL", Int(SIGSEGV): "SIGSEGV", Int(SIGSYS): "SIGSYS",
        Int(SIGTERM): "SIGTERM", Int(SIGXCPU): "SIGXCPU",
    ]
}

extension JobQueue {
    /// Gives back every job of a worker whose process has ended, so that other workers can continue them at once.
    ///
    /// If the process died, each job becomes a suspect. Only a job that ran alone must have been the cause: that death is counted, and with
    /// the third one its transcription fails.
    ///
    /// - Parameter death: How the process died; nil if it was asked to end.
    /// - Returns: The number of jobs that it had.
    package func giveBackJobs(of worker: String, after death: WorkerDeath?) async throws -> Int {
        let (count, failed) = try await database.transaction { session -> (Int, UUID?) in
            let transcriptions = try session.rows(
                """
                SELECT t.id FROM jobs j JOIN transcriptions t ON t.id = j.transcription_id
                WHERE j.worker = \(worker) AND j.lease_until IS NOT NULL ORDER BY t.created_at, t.id FOR NO KEY UPDATE OF t
                """,
                as: UUID.self
            )
            let ranAlone = transcriptions.count == 1 && death != nil
            let deaths = try session.rows(
                """
                UPDATE jobs SET lease_until = NULL, worker = NULL, taken_at = NULL, is_suspect = is_suspect OR \(death != nil),
                    deaths = deaths + \(ranAlone ? 1 : 0)
                WHERE worker = \(worker) AND lease_until IS NOT NULL RETURNING deaths
                """,
                as: Int.self
            )
            if ranAlone, let death, let id = transcriptions.first, let count = deaths.first, count >= Retry.deathLimit {
                try session.fail(id, death.failure)
                return (1, id)
            }
            if !deaths.isEmpty { try session.announceJobs() }
            return (deaths.count, nil)
        }
        if let failed { await folder.removeSpool(of: failed) }
        return count
    }
}
