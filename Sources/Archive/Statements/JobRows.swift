import Foundation
import Postgres

extension Session {
    /// Queues a job for a whole recording, unless it is queued already.
    func enqueue(_ kind: Job.Kind, for transcriptionID: UUID) throws {
        try execute(
            """
            INSERT INTO jobs (kind, transcription_id, turn) SELECT \(kind.rawValue), id, queued_at FROM transcriptions
            WHERE id = \(transcriptionID) ON CONFLICT DO NOTHING
            """
        )
        try announceJobs()
    }

    func removeJob(_ job: Job) throws {
        try execute("DELETE FROM jobs WHERE id = \(job.id)")
    }

    func removeJobs(of transcriptionID: UUID) throws {
        try execute("DELETE FROM jobs WHERE transcription_id = \(transcriptionID)")
    }

    /// Marks a transcription as failed and removes all its jobs; the caller has locked it.
    func fail(_ transcriptionID: UUID, _ failure: TranscriptionFailure) throws {
        try execute(
            """
            UPDATE transcriptions SET state = 'failed', error_code = \(failure.code), error_message = \(failure.message)
            WHERE id = \(transcriptionID)
            """
        )
        try removeJobs(of: transcriptionID)
        try announceTranscription(transcriptionID, .failed)
    }
}
