import Archive
import Foundation
import TestSupport
import Testing
import Transcripts

@Suite("Stopping and going on", .archiveDatabase)
struct ControlTests {
    @Test("cancelling keeps the text so far, and drops what a worker brings later")
    func cancel() async throws {
        let test = try TestArchive()
        let id = try await test.prepare()
        try await test.hear("one")
        let running = try await test.take()
        #expect(try await test.archive.queue.isWanted(running))
        #expect(try await test.archive.library.cancel(id).state == .cancelled)
        #expect(try await !test.archive.queue.isWanted(running))
        await #expect(throws: LeaseLost.self) { try await test.hear("late", as: running) }
        #expect(try await test.archive.texts.segments(of: id).map(\.segment.text) == ["one"])
        #expect(try await test.archive.queue.take(worker: "w", lease: .seconds(30)) == nil)
        await #expect(throws: ArchiveError.notPossible(.cancelled)) { try await test.archive.library.cancel(id) }
    }

    @Test("a paused recording waits, gives up the block at hand, and goes on where it was")
    func pause() async throws {
        let test = try TestArchive()
        let id = try await test.prepare(blocks: 2)
        try await test.hear("one")
        let running = try await test.take()
        #expect(try await test.archive.library.pause(id).state == .paused)
        await #expect(throws: LeaseLost.self) { try await test.hear("late", as: running) }
        #expect(try await test.archive.queue.take(worker: "w", lease: .seconds(30)) == nil)
        #expect(try await test.archive.library.resume(id).state == .pending)
        let job = try await test.take()
        #expect(job.failures == 0)
        #expect(try await test.archive.queue.begin(job).state == .processing)
        try await test.hear("two", as: job)
        #expect(try await test.archive.texts.segments(of: id).map(\.segment.text) == ["one", "two"])
    }

    @Test("a retry goes on with the blocks that are left", arguments: [TranscriptionState.failed, .cancelled])
    func retry(_ end: TranscriptionState) async throws {
        let test = try TestArchive()
        let id = try await test.prepare()
        try await test.hear("one")
        if end == .failed {
            try await test.archive.queue.fail(test.take(), TranscriptionFailure(code: "engine_failed", message: "It broke."))
        } else {
            _ = try await test.archive.library.cancel(id)
        }
        let again = try await test.archive.library.retry(id)
        #expect(again.state == .pending)
        #expect(again.failure == nil)
        let job = try await test.take()
        #expect(job.kind == .prepare)
        #expect(try await test.archive.queue.begin(job).isPrepared)
        let length = Timestamp(milliseconds: 60_000)
        try await test.archive.blocks.append([], preparedUntil: .zero, spooledUntil: length, to: job)
        try await test.archive.blocks.prepared(job, until: length, duration: length)
        try await test.hear("two")
        try await test.hear("three")
        #expect(try await test.archive.texts.segments(of: id).map(\.segment.text) == ["one", "two", "three"])
        #expect(try await test.take().kind == .finish)
    }

    @Test("what can't be done is refused by name")
    func refusals() async throws {
        let test = try TestArchive()
        let id = try await test.accept().id
        let nobody = UUID()
        await #expect(throws: ArchiveError.notPossible(.pending)) { try await test.archive.library.resume(id) }
        await #expect(throws: ArchiveError.notPossible(.pending)) { try await test.archive.library.retry(id) }
        await #expect(throws: ArchiveError.transcriptionNotFound(nobody)) { try await test.archive.library.cancel(nobody) }
    }

    @Test("what was taken out is kept with its reason, and can be put back in its place")
    func restore() async throws {
        let test = try TestArchive()
        let id = try await test.prepare(blocks: 1)
        var phantom = Segment(from: 500, to: 900, "Thanks for watching!")
        phantom.words = [Word(start: Timestamp(milliseconds: 500), end: Timestamp(milliseconds: 900), text: "Thanks…", probability: 0.25)]
        phantom.wordTiming = .tokens
        try await test.hear("one", "two", removed: [RemovedSegment(phantom, reason: .phantomPhrase)])
        try await test.archive.queue.finish(test.take())
        #expect(try await test.archive.texts.segments(of: id).map(\.segment.text) == ["one", "two"])
        let removal = try #require(try await test.archive.texts.removals(of: id).first)
        #expect(removal.removed == RemovedSegment(phantom, reason: .phantomPhrase))
        #expect(try await test.archive.texts.restoreRemoval(block: removal.block, place: removal.place, of: id))
        #expect(try await test.archive.texts.segments(of: id).map(\.segment.text) == ["one", "Thanks for watching!", "two"])
        #expect(try await test.archive.texts.segments(of: id).map(\.ordinal) == [0, 1, 2])
        #expect(try await test.archive.texts.removals(of: id).isEmpty)
        #expect(try await !test.archive.texts.restoreRemoval(block: removal.block, place: removal.place, of: id))
    }
}
