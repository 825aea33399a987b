import Archive
import EarshotTesting
import Foundation
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
                group.addTask { try await test.archive.takeJob(worker: "w\(worker)", lease: Self.lease) }
            }
            return try await group.reduce(into: [Job]()) { jobs, job in if let job { jobs.append(job) } }
        }
        #expect(taken.count == 10)
        #expect(Set(taken.map(\.id)).count == 10)
    }

    @Test("a job whose worker went silent is taken over, and the late worker can store nothing more")
    func takenOver() async throws {
        let test = try TestArchive()
        let id = try await test.accept().id
        let first = try #require(try await test.archive.takeJob(worker: "slow", lease: .zero))
        let second = try #require(try await test.archive.takeJob(worker: "other", lease: Self.lease))
        #expect(second.id == first.id)
        #expect(second.failures == 1)
        await #expect(throws: LeaseLost.self) { try await append([Segment(from: 0, to: 900, "late")], until: 1000, to: first, test) }
        await #expect(throws: LeaseLost.self) { try await test.archive.renew(first, lease: Self.lease) }
        await #expect(throws: LeaseLost.self) { try await test.archive.complete(first, duration: .zero, processing: .zero) }
        try await append([Segment(from: 0, to: 900, "in time")], until: 1000, to: second, test)
        #expect(try await test.archive.segments(of: id).map(\.segment.text) == ["in time"])
    }

    @Test("blocks are stored with how far they reach, and completion ends the job")
    func lifeOfAJob() async throws {
        let test = try TestArchive()
        let id = try await test.accept().id
        let job = try #require(try await test.archive.takeJob(worker: "w", lease: Self.lease))
        #expect(try await test.archive.begin(job).state == .processing)
        try await append([Segment(from: 0, to: 900, "one"), Segment(from: 900, to: 2000, "two")], until: 30_000, to: job, test)
        try await append([Segment(from: 31_000, to: 32_000, "three")], until: 45_000, to: job, test)
        var current = try await test.current(id)
        #expect(current.storedUntil == Timestamp(milliseconds: 45_000))
        #expect(current.progress == 0.75)
        #expect(current.language == "en")
        try await test.archive.complete(job, duration: Timestamp(milliseconds: 60_100), processing: .milliseconds(5))
        current = try await test.current(id)
        #expect(current.state == .completed)
        #expect(current.progress == 1)
        #expect(current.processingTime == Timestamp(milliseconds: 25))
        #expect(try await test.archive.segments(of: id).map(\.ordinal) == [0, 1, 2])
        #expect(try await test.archive.texts(of: [current])[id] == "one two three")
        #expect(try await test.archive.takeJob(worker: "w", lease: Self.lease) == nil)
    }

    @Test("a released job goes on with the next worker at once, where it stopped")
    func release() async throws {
        let test = try TestArchive()
        _ = try await test.accept()
        let job = try #require(try await test.archive.takeJob(worker: "a", lease: Self.lease))
        try await append([Segment(from: 0, to: 900, "one")], until: 1000, to: job, test)
        try await test.archive.release(job)
        let next = try #require(try await test.archive.takeJob(worker: "b", lease: Self.lease))
        #expect(next.failures == 0)
        #expect(try await test.archive.begin(next).storedUntil == Timestamp(milliseconds: 1000))
    }

    @Test("a postponed job waits, and progress forgives earlier failures")
    func postpone() async throws {
        let test = try TestArchive()
        _ = try await test.accept()
        let job = try #require(try await test.archive.takeJob(worker: "a", lease: Self.lease))
        try await test.archive.postpone(job, by: .seconds(60))
        #expect(try await test.archive.takeJob(worker: "b", lease: Self.lease) == nil)
        let other = try await test.accept()
        let second = try #require(try await test.archive.takeJob(worker: "b", lease: .zero))
        #expect(second.transcriptionID == other.id)
        let again = try #require(try await test.archive.takeJob(worker: "b", lease: Self.lease))
        try await append([], until: 1000, to: again, test)
        try await test.archive.release(again)
        #expect(try await test.archive.takeJob(worker: "b", lease: Self.lease)?.failures == 0)
    }

    @Test("a failure keeps its reason and what was stored before")
    func failure() async throws {
        let test = try TestArchive()
        let id = try await test.accept().id
        let job = try #require(try await test.archive.takeJob(worker: "a", lease: Self.lease))
        try await append([Segment(from: 0, to: 900, "one")], until: 1000, to: job, test)
        try await test.archive.fail(job, TranscriptionFailure(code: "unreadable_audio", message: "It broke."))
        let current = try await test.current(id)
        #expect(current.state == .failed)
        #expect(current.failure == TranscriptionFailure(code: "unreadable_audio", message: "It broke."))
        #expect(try await test.archive.segments(of: id).count == 1)
    }

    @Test("deleting a transcription takes its running job away")
    func deletedWhileRunning() async throws {
        let test = try TestArchive()
        let id = try await test.accept().id
        let job = try #require(try await test.archive.takeJob(worker: "a", lease: Self.lease))
        _ = try await test.archive.delete(id)
        await #expect(throws: LeaseLost.self) { try await test.archive.renew(job, lease: Self.lease) }
    }

    @Test("tries are spaced wider each time, up to a minute")
    func delays() {
        #expect((1...8).map(Retry.delay(afterFailures:)) == [2, 4, 8, 16, 32, 60, 60, 60].map { .seconds($0) })
    }

    private func append(_ segments: [Segment], until end: Int, to job: Job, _ test: TestArchive) async throws {
        try await test.archive.append(
            segments,
            storedUntil: Timestamp(milliseconds: end),
            language: "en",
            processing: .milliseconds(10),
            to: job
        )
    }
}
