import Archive
import Foundation
import Postgres
import TestSupport
import Testing
import Transcripts

@Suite("Transcriptions that a client waits for", .archiveDatabase)
struct ProvisionalTests {
    private func accept(_ test: TestArchive) async throws -> UUID {
        try await test.archive.recordings.accept(
            test.receive(),
            filename: "talk.wav",
            mediaType: "audio/wav",
            duration: Timestamp(milliseconds: 1000),
            request: TranscriptionRequest(model: "demo"),
            isProvisional: true
        ).transcription.id
    }

    @Test("one that is withdrawn leaves neither rows nor a file, and its job is gone")
    func withdrawal() async throws {
        let test = try TestArchive()
        let id = try await accept(test)
        let job = try await test.take(.prepare)
        try await test.archive.library.withdrawProvisional(id)
        #expect(try await test.archive.library.find(id) == nil)
        #expect(try test.storedFiles.isEmpty)
        #expect(try await !test.archive.queue.isWanted(job))
    }

    @Test("one that is kept, and one that nobody waited for, can't be withdrawn")
    func keeping() async throws {
        let test = try TestArchive()
        let kept = try await accept(test)
        try await test.archive.library.keepProvisional(kept)
        let other = try await test.accept().id
        for id in [kept, other] {
            try await test.archive.library.withdrawProvisional(id)
            #expect(try await test.archive.library.find(id) != nil)
        }
    }

    @Test("one is never given to somebody else, but who waits may get what is there already, unless it stands still")
    func sharing() async throws {
        let test = try TestArchive()
        let first = try await accept(test)
        let second = try await accept(test)
        #expect(first != second)
        try await test.archive.library.keepProvisional(first)
        #expect(try await accept(test) == first)
        _ = try await test.archive.library.pause(first)
        #expect(try await ![first, second].contains(accept(test)))
        try await test.archive.library.withdrawProvisional(second)
        #expect(try test.storedFiles.count == 1)
    }

    @Test("those whose process died before it could answer are removed, and no others")
    func sweep() async throws {
        let test = try TestArchive()
        let (answering, abandoned, failed, working, kept) = (
            try await accept(test), try await accept(test), try await accept(test), try await accept(test), try await accept(test)
        )
        try await test.archive.library.keepProvisional(kept)
        try await test.database.transaction { session in
            for (id, state, age) in [
                (answering, "completed", "1 minute"), (abandoned, "completed", "2 hours"), (failed, "failed", "2 days"),
                (working, "processing", "2 days"), (kept, "completed", "2 days"),
            ] {
                try session.execute(
                    """
                    UPDATE transcriptions SET state = \(state), created_at = clock_timestamp() - \(age)::interval,
                        completed_at = CASE WHEN \(state) = 'completed' THEN clock_timestamp() - \(age)::interval END,
                        error_code = CASE WHEN \(state) = 'failed' THEN 'engine_failed' END
                    WHERE id = \(id)
                    """
                )
            }
        }
        try await test.housekeeping().removeUnansweredTranscriptions()
        for id in [answering, working, kept] { #expect(try await test.archive.library.find(id) != nil) }
        for id in [abandoned, failed] { #expect(try await test.archive.library.find(id) == nil) }
    }
}
