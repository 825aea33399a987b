import Archive
import Foundation
import TestSupport
import Testing
import Transcripts

@Suite("What is to be expected", .archiveDatabase)
struct EstimateTests {
    @Test("recordings that wait know their place, the first to come first")
    func queue() async throws {
        let test = try TestArchive()
        let first = try await test.accept()
        let second = try await test.accept()
        #expect(try await test.archive.library.estimate(of: first).queuePosition == 1)
        #expect(try await test.archive.library.estimate(of: second).queuePosition == 2)
        _ = try await test.archive.queue.begin(test.take())
        #expect(try await test.archive.library.estimate(of: test.current(first.id)).queuePosition == nil)
        #expect(try await test.archive.library.estimate(of: second).queuePosition == 1)
    }

    @Test("the time left follows from what blocks took, how many are left and how many are done at a time")
    func timeLeft() async throws {
        let test = try TestArchive()
        let id = try await test.prepare(blocks: 10)
        #expect(try await test.archive.library.estimate(of: test.current(id)).timeLeft == nil)
        for _ in 0..<2 { try await finishBlock(test, taking: .seconds(4)) }
        // No worker is running.
        #expect(try await test.archive.library.estimate(of: test.current(id)).timeLeft == nil)
        try await test.archive.workers.announce(worker: "w", lanes: 1)
        #expect(try await test.archive.library.estimate(of: test.current(id)).timeLeft == .seconds(32))
        try await test.archive.workers.announce(worker: "v", lanes: 1)
        #expect(try await test.archive.library.estimate(of: test.current(id)).timeLeft == .seconds(16))
        try await test.archive.workers.dismiss(worker: "v")
        let clip = try await test.accept("a clip", duration: Timestamp(milliseconds: 20_000))
        #expect(try await test.archive.library.estimate(of: clip).timeLeft == .seconds(4))
        _ = try await test.archive.library.pause(id)
        #expect(try await test.archive.library.estimate(of: test.current(id)).timeLeft == nil)
    }

    private func finishBlock(_ test: TestArchive, taking time: Duration) async throws {
        let job = try await test.take()
        try await test.archive.blocks.complete(job, segments: [], removed: [], language: DetectedLanguage(code: "en"), processing: time)
    }
}
