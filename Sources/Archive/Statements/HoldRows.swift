import Foundation
import Postgres

extension Session {
    /// The faults of one worker.
    func holds(of worker: String) throws -> [Hold] {
        try row("SELECT holds::text FROM workers WHERE name = \(worker) FOR UPDATE", as: String.self).map { try [Hold](json: $0) } ?? []
    }

    /// The faults of the workers that run, by their names.
    func currentHolds() throws -> [String: [Hold]] {
        let workers = try rows(
            "SELECT name, holds::text FROM workers WHERE seen_at > clock_timestamp() - interval '20 seconds'",
            as: (String, String).self
        )
        return Dictionary(try workers.map { ($0.0, try [Hold](json: $0.1)) }, uniquingKeysWith: { first, _ in first })
    }

    /// Why none of a transcription's jobs is being done: a fault of its own, or one of each worker; nil if a worker is at work or may be soon.
    func hold(of transcription: Transcription) throws -> Hold? {
        guard [.pending, .processing].contains(transcription.state) else { return nil }
        let jobs = try rows(
            """
            SELECT kind, bool_or(coalesce(lease_until > clock_timestamp(), false)), bool_or(hold IS NULL), min(hold::text)
            FROM jobs WHERE transcription_id = \(transcription.id) GROUP BY kind ORDER BY kind
            """,
            as: (Job.Kind, Bool, Bool, String?).self
        )
        guard !jobs.isEmpty, !jobs.contains(where: \.1) else { return nil }
        if !jobs.contains(where: \.2), let own = jobs.lazy.compactMap(\.3).first { return try [Hold](json: own).first }
        let workers = try currentHolds()
        var found: Hold?
        for holds in workers.values {
            for (kind, _, _, _) in jobs {
                guard let hold = holds.first(where: { $0.covers(kind, model: transcription.request.model) }) else { return nil }
                if found.map({ hold.since < $0.since }) ?? true { found = hold }
            }
        }
        return found
    }

    /// Records which faults of a worker have begun and ended, and wakes every reader, because each transcription may wait for them.
    func announceHolds(of worker: String, from before: [Hold], to now: [Hold]) throws {
        let begun = now.filter { hold in !before.contains { $0.isSame(as: hold) } }
        let ended = before.filter { hold in !now.contains { $0.isSame(as: hold) } }
        guard !begun.isEmpty || !ended.isEmpty else { return }
        try execute("SELECT pg_notify(\(Channel.holds), '')")
        try beforeCommit { session in
            for hold in begun { try session.record(.hold, of: hold.code, HoldDetails(hold, worker: worker, isOver: false)) }
            for hold in ended { try session.record(.hold, of: hold.code, HoldDetails(hold, worker: worker, isOver: true)) }
        }
    }
}

/// The details of an event about a hold.
private struct HoldDetails: Encodable {
    let happenedAt: Date
    let worker: String
    let code: String
    let message: String
    let since: Date
    let model: String?
    let isOver: Bool

    init(_ hold: Hold, worker: String, isOver: Bool) {
        happenedAt = Date()
        self.worker = worker
        code = hold.code
        message = hold.message
        since = hold.since
        model = hold.model
        self.isOver = isOver
    }
}
