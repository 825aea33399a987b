import Archive
import Foundation
import TestSupport
import Testing
import Transcripts

/// What becomes of the jobs of a worker that dies.
@Suite(.archiveDatabase)
struct WorkerDeathTests {
    private static let fault = WorkerDeath.signal(11)

    private func die(_ test: TestArchive, _ worker: String = "w", of death: WorkerDeath? = fault) async throws {
        _ = try await test.archive.queue.giveBackJobs(of: worker, after: death)
    }

    @Test(
        "a job that ends its worker three times while it runs alone fails its transcription, with the way the worker ended",
        arguments: [
            (WorkerDeath.signal(11), "crashed on this part three times (signal 11, SIGSEGV)"),
            (.signal(9), "was killed on this part three times (signal 9, SIGKILL); memory may have run out"),
            (.exit(code: 3), "crashed on this part three times (exit code 3)"),
        ]
    )
    func alone(death: WorkerDeath, words: String) async throws {
        let test = try TestArchive()
        let id = try await test.prepare()
        try await test.hear("one")
        for _ in 0..<2 {
            #expect(try await test.take().block == 1)
            try await die(test, of: death)
            #expect(try await test.current(id).state == .processing)
        }
        #expect(try await test.take().isSuspect)
        try await die(test, of: death)
        let current = try await test.current(id)
        #expect(current.state == .failed)
        #expect(current.failure?.code == "engine_crashed")
        #expect(current.failure?.message.contains(words) == true, "\(current.failure?.message ?? "")")
        #expect(try await test.archive.texts.segments(of: id).count == 1)
        #expect(try await test.archive.queue.take(worker: "w", lease: .seconds(30)) == nil)
    }

    @Test("of jobs that ran together when their worker died none is counted, and each runs alone the next time")
    func together() async throws {
        let test = try TestArchive()
        _ = try await test.prepare()
        for _ in 0..<3 { _ = try await test.take(.block) }
        for _ in 0..<5 { try await die(test) }
        let first = try await test.take()
        #expect(first.isSuspect && first.failures == 0)
        #expect(try await test.archive.queue.take(worker: "w", lease: .seconds(30), isIdle: false) == nil)
        // Three deaths together and two alone do not make three alone.
        try await die(test)
        _ = try await test.take()
        try await die(test)
        let again = try await test.take()
        #expect(again.id == first.id)
        try await test.hear("survived", as: again)
    }

    @Test("a suspect waits for its turn until the worker is idle, and other jobs of a later turn wait with it")
    func turn() async throws {
        let test = try TestArchive()
        _ = try await test.prepare(blocks: 1)
        let suspect = try await test.take()
        try await die(test)
        let later = try await test.accept()
        #expect(try await test.archive.queue.take(worker: "w", lease: .seconds(30), isIdle: false) == nil)
        // Of other kinds, the worker may have one.
        #expect(try await test.archive.queue.take([.prepare], worker: "w", lease: .seconds(30), isIdle: false)?.transcriptionID == later.id)
        #expect(try await test.take().id == suspect.id)
    }

    @Test("success ends the suspicion, and so does progress of a preparation, but not its repetition")
    func progress() async throws {
        let test = try TestArchive()
        let id = try await test.accept().id
        for (end, isSuspect) in [(20_000, false), (20_000, true), (40_000, false)] {
            _ = try await test.take(.prepare)
            try await die(test)
            let job = try await test.take(.prepare)
            _ = try await test.archive.queue.begin(job)
            try await test.archive.blocks.append(
                [],
                preparedUntil: Timestamp(milliseconds: end),
                spooledUntil: Timestamp(milliseconds: end),
                to: job
            )
            try await test.archive.queue.release(job)
            let again = try await test.take(.prepare)
            #expect(again.isSuspect == isSuspect, "\(end)")
            try await test.archive.queue.release(again)
        }
        #expect(try await test.current(id).state == .processing)
    }

    @Test("the jobs of a worker that was stopped are given back without suspicion, and those of other workers are untouched")
    func stopped() async throws {
        let test = try TestArchive()
        _ = try await test.prepare()
        _ = try await test.take(worker: "a")
        let other = try await test.take(worker: "b")
        #expect(try await test.archive.queue.giveBackJobs(of: "a", after: nil) == 1)
        #expect(try await test.archive.queue.giveBackJobs(of: "a", after: Self.fault) == 0)
        #expect(try await !test.take(worker: "c").isSuspect)
        try await test.hear("kept", as: other)
    }

    @Test("an expired lease makes a suspect and is not counted, and only ten of them while it runs alone are too many")
    func expired() async throws {
        let test = try TestArchive()
        _ = try await test.prepare(blocks: 1)
        for count in -1..<Retry.expiryLimit {
            let job = try #require(try await test.archive.queue.take(worker: "w", lease: .zero))
            #expect(job.failures == 0)
            #expect(job.expiries == max(0, count))
            #expect(job.isSuspect == (count >= 0))
        }
        #expect(try await test.archive.queue.take(worker: "w", lease: .zero, isIdle: false) == nil)
        #expect(try await test.take().expiries == Retry.expiryLimit)
    }
}
