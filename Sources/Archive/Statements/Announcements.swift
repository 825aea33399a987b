import Basics
import Foundation
import Postgres

/// The channels on which processes notify one another.
enum Channel {
    static let transcriptions = "earshot_transcriptions"
    static let jobs = "earshot_jobs"
    static let models = "earshot_models"
    static let events = "earshot_events"
    static let holds = "earshot_holds"
}

extension Session {
    private static let eventLock = 0x45_76_65_6e_74_73

    /// Notifies every process of a change of a transcription, and records it as an event, once this transaction commits.
    func announceTranscription(_ id: UUID, _ kind: ArchiveEvent.Kind = .status) throws {
        try execute("SELECT pg_notify(\(Channel.transcriptions), \(id.lowercased))")
        try beforeCommit { session in
            try session.record(kind, of: id.lowercased, EventDetails(id, try session.transcription(id)))
        }
    }

    /// Notifies every worker that there may be a job to take, once this transaction commits.
    func announceJobs() throws {
        try execute("SELECT pg_notify(\(Channel.jobs), '')")
    }

    /// Locks the log of events until this transaction ends.
    func lockEvents() throws {
        try execute("SELECT pg_advisory_xact_lock(\(Self.eventLock))")
    }

    /// Stores an event; must be called right before the commit.
    ///
    /// Ids have to come in the order of the commits: a reader who has seen the fifth event never asks for the fourth again. So from here to
    /// the commit transactions run one at a time, as they do anyway in PostgreSQL when they notify.
    func record(_ kind: ArchiveEvent.Kind, of subject: String, _ details: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .iso8601
        encoder.keyEncodingStrategy = .convertToSnakeCase
        let data = String(decoding: try encoder.encode(details), as: UTF8.self)
        try lockEvents()
        try execute(
            """
            INSERT INTO events (kind, subject, data) VALUES (\(kind.rawValue), \(subject), \(data)::jsonb)
            ON CONFLICT (kind, subject) WHERE kind IN ('status', 'model') DO UPDATE SET id = DEFAULT, data = excluded.data
            """
        )
        try execute("SELECT pg_notify(\(Channel.events), '')")
    }
}
