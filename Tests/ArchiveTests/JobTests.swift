import Archive
import Foundation
import TestSupport
import Testing
import Transcripts

@Suite(.archiveDatabase)
struct JobTests {
    private static let lease = Duration.seconds(30)

    @Test("ten workers that ask at once get ten different jobs")
    func skipLocked() async throws {
        let test = try TestArchive()
        for _ in 0..<10 { _ = try await test.accept() }
        let taken = try await withThrowingTaskGroup(of: Job?.self) { group in
            for worker in 0..<12 {
                group.addTask { try await test.archive.queue.take(worker: "w\(worker)", lease: Self.lease) }
            }
            return try await group.reduce(into: [Job]()) { jobs, job in if let job { jobs.append(job) } }
        }
        #expect(taken.count == 10)
        #expect(Set(taken.map(\.id)).count == 10)
    }

    @Test("a job whose worker went silent is taken over, and the late worker can store nothing more")
    func takenOver() async throws {
        let test = try TestArchive()
        let id = try await test.prepare(blocks: 1)
        let first = try #require(try await test.archive.queue.take(worker: "slow", lease: .zero))
        let second = try await test.take(worker: "other")
        #expect(second.id == first.id)
        #expect(second.failures == 0)
        await #expect(throws: LeaseLost.self) { try await test.hear("late", as: first) }
        await #expect(throws: LeaseLost.self) { try await test.archive.queue.renew(first, lease: Self.lease) }
        await #expect(throws: LeaseLost.self) { try await test.archive.blocks.prepareAgain(first) }
        try await test.hear("in time", as: second)
        #expect(try await test.archive.texts.segments(of: id).map(\.segment.text) == ["in time"])
    }

    @Test("a recording is prepared, its blocks are recognized, and then it is finished")
    func lifeOfARecording() async throws {
        let test = try TestArchive()
        let id = try await test.prepare()
        #expect(try await test.current(id).state == .processing)
        try await test.hear("one", "two")
        try await test.hear("three")
        var current = try await test.current(id)
        #expect(current.storedUntil == Timestamp(milliseconds: 40_000))
        #expect(abs(current.progress - 2.0 / 3) < 0.001)
        try await test.hear("four")
        let finish = try await test.take()
        #expect(finish.kind == .finish)
        try await test.archive.queue.finish(finish)
        current = try await test.current(id)
        #expect(current.state == .completed)
        #expect(current.progress == 1)
        #expect(current.duration == Timestamp(milliseconds: 60_000))
        #expect(current.processingTime == Timestamp(milliseconds: 30))
        #expect(try await test.archive.texts.segments(of: id).map(\.ordinal) == [0, 1, 2, 3])
        #expect(try await test.archive.library.textBeginnings(of: [current])[id]?.text == "one two three four")
        #expect(try await test.archive.queue.take(worker: "w", lease: Self.lease) == nil)
    }

    @Test("a recording without speech is finished at once")
    func silent() async throws {
        let test = try TestArchive()
        let id = try await test.prepare(blocks: 0)
        #expect(try await test.take().kind == .finish)
        #expect(try await test.current(id).progress < 1)
    }

    @Test("blocks may be done in any order; what is shown is only what nothing can come before")
    func anyOrder() async throws {
        let test = try TestArchive()
        let id = try await test.prepare()
        let jobs = [try await test.take(), try await test.take(), try await test.take()]
        #expect(jobs.map(\.block) == [0, 1, 2])
        try await test.hear("third", as: jobs[2])
        #expect(try await test.archive.texts.segments(of: id).isEmpty)
        #expect(try await test.current(id).storedUntil == .zero)
        try await test.hear("first", as: jobs[0])
        #expect(try await test.archive.texts.segments(of: id).map(\.segment.text) == ["first"])
        try await test.hear("second", as: jobs[1])
        #expect(try await test.archive.texts.segments(of: id).map(\.segment.text) == ["first", "second", "third"])
        #expect(try await test.archive.texts.segments(of: id).map(\.ordinal) == [0, 1, 2])
    }

    @Test("of two channels, the segments come in the order of their times")
    func channels() async throws {
        let test = try TestArchive()
        let id = try await test.accept(duration: Timestamp(milliseconds: 20_000), channels: 2).id
        let job = try await test.take()
        _ = try await test.archive.queue.begin(job)
        let end = Timestamp(milliseconds: 20_000)
        let blocks = [StoredBlock(from: 0, to: 9000), StoredBlock(from: 500, to: 20_000, channel: 1)]
        try await test.archive.blocks.append(blocks, preparedUntil: end, spooledUntil: end, to: job)
        try await test.archive.blocks.prepared(job, until: end, duration: end)
        try await test.hear("left 0", "left 1000", "left 2000")
        #expect(try await test.archive.texts.segments(of: id).map(\.segment.text) == ["left 0"])
        try await test.hear("right 500", "right 1500")
        #expect(
            try await test.archive.texts.segments(of: id).map(\.segment.text) == [
                "left 0", "right 500", "left 1000", "right 1500", "left 2000",
            ]
        )
    }

    @Test("a block is only queued once its sound is in the spool, and a second attempt queues what the first one left")
    func spooled() async throws {
        let test = try TestArchive()
        _ = try await test.accept()
        let first = try await test.take()
        _ = try await test.archive.queue.begin(first)
        let blocks = [StoredBlock(from: 0, to: 20_000), StoredBlock(from: 21_000, to: 40_000)]
        try await test.archive.blocks.append(blocks, preparedUntil: blocks[1].end, spooledUntil: blocks[0].end, to: first)
        #expect(try await test.take(.block).block == 0)
        #expect(try await test.archive.queue.take([.block], worker: "w", lease: Self.lease) == nil)
        try await test.archive.queue.release(first)
        let second = try await test.take(.prepare)
        #expect(try await test.archive.queue.begin(second).preparedUntil == blocks[1].end)
        try await test.archive.blocks.append([], preparedUntil: blocks[1].end, spooledUntil: blocks[1].end, to: second)
        #expect(try await test.take(.block).block == 1)
    }

    @Test("a short clip overtakes a long recording at the end of a block, and the long one is not forgotten")
    func turns() async throws {
        let test = try TestArchive()
        let long = try await test.prepare(blocks: 40)
        for _ in 0..<3 { try await test.hear("long") }
        let short = try await test.prepare(blocks: 1)
        #expect(try await test.take().transcriptionID == short)
        #expect(try await test.take().transcriptionID == long)
    }

    @Test("a long recording lets another be prepared before it goes on")
    func giveWay() async throws {
        let test = try TestArchive()
        let long = try await test.accept(duration: Timestamp(milliseconds: 36_000_000))
        let job = try await test.take(.prepare)
        #expect(try await !test.archive.queue.yield(job, at: Timestamp(milliseconds: 600_000)))
        let short = try await test.accept()
        #expect(try await !test.archive.queue.yield(job, at: .zero))
        #expect(try await test.archive.queue.yield(job, at: Timestamp(milliseconds: 600_000)))
        await #expect(throws: LeaseLost.self) { try await test.archive.queue.renew(job, lease: Self.lease) }
        #expect(try await test.take(.prepare).transcriptionID == short.id)
        #expect(try await test.take(.prepare).transcriptionID == long.id)
    }

    @Test("a released job goes on with the next worker at once")
    func release() async throws {
        let test = try TestArchive()
        _ = try await test.accept()
        let job = try await test.take(worker: "a")
        try await test.archive.queue.release(job)
        #expect(try await test.take(worker: "b").failures == 0)
    }

    @Test("a postponed job waits, and progress forgives earlier failures")
    func postpone() async throws {
        let test = try TestArchive()
        _ = try await test.accept()
        let job = try await test.take()
        try await test.archive.queue.postpone(job, by: .seconds(60))
        #expect(try await test.archive.queue.take(worker: "b", lease: Self.lease) == nil)
        let other = try await test.accept()
        let second = try await test.take()
        #expect(second.transcriptionID == other.id)
        try await test.archive.queue.postpone(second, by: .zero)
        let again = try await test.take()
        #expect(again.failures == 1)
        try await test.archive.blocks.append([], preparedUntil: .zero, spooledUntil: .zero, to: again)
        try await test.archive.queue.release(again)
        #expect(try await test.take().failures == 0)
    }

    @Test("a failure keeps its reason and what was stored before, and takes every job of the recording away")
    func failure() async throws {
        let test = try TestArchive()
        let id = try await test.prepare()
        try await test.hear("one")
        let (failing, other) = (try await test.take(), try await test.take())
        try await test.archive.queue.fail(failing, TranscriptionFailure(code: "engine_failed", message: "It broke."))
        let current = try await test.current(id)
        #expect(current.state == .failed)
        #expect(current.failure == TranscriptionFailure(code: "engine_failed", message: "It broke."))
        #expect(try await test.archive.texts.segments(of: id).count == 1)
        await #expect(throws: LeaseLost.self) { try await test.archive.queue.renew(other, lease: Self.lease) }
    }

    @Test("a block whose sound is gone has the recording decoded again")
    func prepareAgain() async throws {
        let test = try TestArchive()
        let id = try await test.prepare(blocks: 1)
        try await test.archive.blocks.prepareAgain(test.take(.block))
        let job = try await test.take()
        #expect(job.kind == .prepare)
        let end = Timestamp(milliseconds: 20_000)
        try await test.archive.blocks.append([], preparedUntil: end, spooledUntil: end, to: job)
        try await test.archive.blocks.prepared(job, until: end, duration: end)
        try await test.hear("found again")
        #expect(try await test.archive.texts.segments(of: id).map(\.segment.text) == ["found again"])
        #expect(try await test.take().kind == .finish)
    }

    @Test("deleting a transcription takes its running job away")
    func deletedWhileRunning() async throws {
        let test = try TestArchive()
        let id = try await test.prepare()
        let job = try await test.take()
        _ = try await test.archive.library.delete(id)
        await #expect(throws: LeaseLost.self) { try await test.hear("late", as: job) }
    }

    @Test("tries are spaced wider each time, up to a minute")
    func delays() {
        #expect((1...8).map(Retry.delay(afterFailures:)) == [2, 4, 8, 16, 32, 60, 60, 60].map { .seconds($0) })
    }
}
