import AsyncAlgorithms
import Basics
import Foundation
import Logging
import Postgres
import ServiceLifecycle
import SystemPackage

/// Removes what is no longer needed, one duty a function, regularly while it runs. Also adds edited texts to the indexes.
package struct Housekeeping: Service {
    let database: Database
    let folder: RecordingFolder
    let library: Library
    let uploadLifetime: Duration
    let eventsKept: Int
    /// How long lost files are kept; nil for ever.
    let lostFilesKept: Duration?

    private var doomed: DoomedFiles { DoomedFiles(database: database, folder: folder) }
    private var lost: LostFiles { LostFiles(folder: folder) }

    /// Does its duties once a minute, or four times in an upload's lifetime if that is shorter, until shutdown.
    package func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await clean() }
            group.addTask { await index() }
            try await group.waitForAll()
        }
    }

    /// Adds edited texts to the indexes of the search, soon after they were edited.
    private func index() async {
        let indexing = SearchIndexing(database: database)
        for await _ in AsyncTimerSequence(interval: .seconds(2), clock: .continuous).cancelOnGracefulShutdown() {
            do {
                try await indexing.catchUp()
            } catch {
                Logger.current.warning("Texts could not be indexed; it is tried again", metadata: ["error": "\(error)"])
            }
        }
    }

    private func clean() async {
        let duties = [
            doomed.removeAll, removeExpiredUploads, removeUnansweredTranscriptions, removeSpools, removeLostFiles, trimEvents,
        ]
        let timer = AsyncTimerSequence(interval: min(uploadLifetime / 4, Duration.seconds(60)), clock: .continuous)
        for await _ in timer.cancelOnGracefulShutdown() {
            for duty in duties {
                do {
                    try await duty()
                } catch {
                    Logger.current.warning("Housekeeping failed; it is tried again later", metadata: ["error": "\(error)"])
                }
            }
        }
    }

    /// Removes the resumable uploads that were not continued in time. One that is whole, but could not be accepted, goes to the lost files:
    /// its client was told that every byte had arrived.
    package func removeExpiredUploads() async throws {
        let expired = try await database.read { session in
            try session.rows("SELECT id FROM uploads WHERE expires_at <= clock_timestamp()", as: UUID.self)
        }
        for id in expired {
            let path = folder.partialPath(of: id)
            var lock: LockedFile?
            do {
                lock = try await blocking { try LockedFile(existing: path) }
            } catch Errno.wouldBlock {
                continue
            } catch Errno.noSuchFileOrDirectory {}
            let part = folder.partialName(of: id)
            let size = try await blocking { folder.size(of: part) }
            // It may have been continued before the lock was taken.
            let removed = try await database.transaction { session -> (isWhole: Bool, wasAccepted: Bool)? in
                let row = try session.row(
                    """
                    DELETE FROM uploads WHERE id = \(id) AND expires_at <= clock_timestamp() RETURNING length_bytes, transcription_id
                    """,
                    as: (Int64, UUID?).self
                )
                guard let (length, transcription) = row else { return nil }
                let isLost = transcription == nil && size == length
                if size != nil, !isLost { try session.doom([part]) }
                return (isLost, transcription != nil)
            }
            guard let removed, size != nil else { continue }
            if removed.isWhole {
                try await blocking { try lost.setAside(part) }
                Logger.current.warning("An upload that could not be accepted is set aside", metadata: ["file": "\(part)"])
            } else {
                await doomed.removeNow([part])
                if !removed.wasAccepted { Logger.current.notice("Removed an expired upload", metadata: ["upload": "\(id)"]) }
            }
            withExtendedLifetime(lock) {}
        }
    }

    /// Deletes provisional transcriptions whose client can't be waiting any more, because the process that would have answered it is gone.
    ///
    /// An answer follows the end at once, so one that ended an hour ago belongs to no client. Of a failed or cancelled one only the
    /// beginning is known, so it is kept for a day.
    package func removeUnansweredTranscriptions() async throws {
        let left = try await database.read { session in
            try session.rows(
                """
                SELECT id FROM transcriptions WHERE is_provisional AND (
                    completed_at < clock_timestamp() - interval '1 hour'
                    OR state IN ('failed', 'cancelled') AND created_at < clock_timestamp() - interval '1 day'
                )
                """,
                as: UUID.self
            )
        }
        for id in left {
            try await library.withdrawProvisional(id)
            Logger.current.notice("Removed a transcription whose client was never answered", metadata: ["transcription": "\(id)"])
        }
    }

    /// Removes all but the newest events.
    package func trimEvents() async throws {
        try await database.transaction { session in
            try session.execute(
                """
                WITH gone AS (
                    DELETE FROM events WHERE id < (SELECT id FROM events ORDER BY id DESC OFFSET \(max(1, eventsKept) - 1)::bigint LIMIT 1)
                    RETURNING id
                )
                UPDATE trimmed_events SET newest_gone = greatest(newest_gone, (SELECT max(id) FROM gone))
                WHERE EXISTS (SELECT FROM gone)
                """
            )
        }
    }

    /// Removes the spools that no transcription needs any more.
    package func removeSpools() async throws {
        try await folder.sweepSpools { id in
            try await database.read { session in try session.transcription(id) }.map { !$0.state.isFinal } ?? false
        }
    }

    /// Removes the lost files whose grace time is over.
    package func removeLostFiles() async throws {
        guard let lostFilesKept else { return }
        for name in try await lost.removeExpired(grace: lostFilesKept) {
            Logger.current.notice("Removed a lost file whose grace time was over", metadata: ["file": "\(name)"])
        }
    }

    /// Brings the folder in order after a process that was killed; for the start, once the folder is known to be this database's.
    package func restoreOrder() async throws {
        try await doomed.removeAll()
        try await removeExpiredUploads()
        try await FolderOrder(database: database, folder: folder, lost: lost).restore()
        try await removeSpools()
    }
}
