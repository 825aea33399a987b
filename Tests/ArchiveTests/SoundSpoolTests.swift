import Archive
import Foundation
import TestSupport
import Testing

@Suite("The sound spool", .archiveDatabase)
struct SoundSpoolTests {
    @Test("gives back what was written, exactly, channel by channel, from any place")
    func roundTrip() async throws {
        let test = try TestArchive()
        let id = UUID()
        let left = (0..<20_000).map { Float(Int16(truncatingIfNeeded: $0 * 7)) / 32_768 }
        let right = left.map { -$0 / 2 }.map { ($0 * 32_768).rounded() / 32_768 }
        let writer = try await test.archive.recordings.folder.spool(writing: id, channels: 2)
        try await writer.write([Array(left[..<16_000]), Array(right[..<16_000])], at: 32_000)
        try await writer.write([Array(left[16_000...]), Array(right[16_000...])], at: 48_000)
        try await writer.flush()
        let reader = try #require(try await test.archive.recordings.folder.spool(reading: id, channels: 2))
        #expect(try await reader.read(channel: 0, from: 32_000, count: 20_000) == left)
        #expect(try await reader.read(channel: 1, from: 33_234, count: 100) == Array(right[1234..<1334]))
        #expect(try await reader.read(channel: 0, from: 0, count: 3) == [0, 0, 0])
        #expect(try await reader.read(channel: 1, from: 51_990, count: 100).count == 10)
    }

    @Test("that nobody wrote is not there")
    func missing() async throws {
        let test = try TestArchive()
        #expect(try await test.archive.recordings.folder.spool(reading: UUID(), channels: 1) == nil)
    }

    @Test("goes when its recording is finished or cancelled, and is swept away when a killed process left it")
    func removal() async throws {
        let test = try TestArchive()
        let finished = try await test.prepare(blocks: 0)
        let cancelled = try await test.accept().id
        let orphan = UUID()
        let needed = try await test.accept().id
        for id in [finished, cancelled, orphan, needed] {
            try await test.archive.recordings.folder.spool(writing: id, channels: 1).write([[0.5]], at: 0)
        }
        try await test.archive.queue.finish(test.take(.finish))
        _ = try await test.archive.library.cancel(cancelled)
        try await test.housekeeping().restoreOrder()
        for id in [finished, cancelled, orphan] {
            #expect(try await test.archive.recordings.folder.spool(reading: id, channels: 1) == nil)
        }
        #expect(try await test.archive.recordings.folder.spool(reading: needed, channels: 1) != nil)
    }
}
