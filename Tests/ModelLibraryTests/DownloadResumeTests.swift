import Foundation
import ModelLibrary
import SystemPackage
import TestSupport
import Testing

/// Downloads that break, and go on where they broke.
@Suite struct DownloadResumeTests {
    @Test("after each break the download goes on where it broke, however many there are")
    func breaks() async throws {
        try await DownloadScene.play { scene in
            scene.hub.order(.breakOff(after: 1_000_000), times: 6)
            try await scene.download()
            #expect(try scene.destination.contents() == DownloadScene.payload)
            #expect(scene.hub.requestsForBytes.map(\.status) == [200] + Array(repeating: 206, count: 6))
            // The last bytes before a break may be lost with the connection.
            let starts = scene.hub.requestsForBytes.compactMap(\.start)
            #expect(starts.count == 6)
            #expect(zip([0] + starts, starts).allSatisfy { $0 < $1 && $1 <= $0 + 1_000_000 })
        }
    }

    @Test("a mirror without checksums is asked to compare its tag before it sends a part")
    func validator() async throws {
        try await DownloadScene.play { scene in
            scene.hub.manner.tellsChecksums = false
            scene.hub.order(.breakOff(after: 1_000_000))
            try await scene.download()
            #expect(scene.hub.requestsForBytes.last?.status == 206)
            #expect(scene.hub.requestsForBytes.last?.ifRange != nil)
        }
    }

    @Test("what another process left is gone on with")
    func restart() async throws {
        try await DownloadScene.play { scene in
            let left = try await leavePart(in: scene)
            try await scene.download()
            #expect(try scene.destination.contents() == DownloadScene.payload)
            #expect(try scene.names() == ["ggml-trial.bin"])
            #expect(scene.hub.requestsForBytes.last?.start == left)
        }
    }

    @Test("all bytes that were left unchecked are checked without being asked for again")
    func unchecked() async throws {
        try await DownloadScene.play { scene in
            _ = try await leavePart(in: scene)
            let before = scene.hub.requests.count
            try scene.folder.appending("ggml-trial.bin.part").write(DownloadScene.payload)
            try await scene.download()
            #expect(try scene.destination.contents() == DownloadScene.payload)
            #expect(scene.hub.requests.count == before)
        }
    }

    @Test("a part of which nothing is known is not gone on with")
    func unknownPart() async throws {
        try await DownloadScene.play { scene in
            try scene.folder.appending("ggml-trial.bin.part").write(Data(repeating: 7, count: 1_000_000))
            try await scene.download()
            #expect(scene.hub.requestsForBytes.map(\.range) == [nil])
        }
    }

    @Test("a part that is longer than the file begins anew")
    func tooLong() async throws {
        try await DownloadScene.play { scene in
            _ = try await leavePart(in: scene)
            try scene.folder.appending("ggml-trial.bin.part").write(DownloadScene.payload + [1])
            try await scene.download()
            #expect(try scene.destination.contents() == DownloadScene.payload)
        }
    }

    @Test("a server that ignores the wish for a part makes the download begin anew, not glue")
    func ignoresRange() async throws {
        try await DownloadScene.play { scene in
            scene.hub.order(.breakOff(after: 1_000_000))
            scene.hub.order(.ignoreRange)
            try await scene.download()
            #expect(scene.hub.requestsForBytes.map(\.status) == [200, 200])
            #expect(scene.hub.requestsForBytes.last?.start != nil)
            #expect(try scene.destination.contents() == DownloadScene.payload)
        }
    }

    @Test("a file that has changed on the hub is not glued to the old one's part", arguments: [true, false])
    func changed(hubTellsChecksums: Bool) async throws {
        try await DownloadScene.play { scene in
            scene.hub.manner.tellsChecksums = hubTellsChecksums
            _ = try await leavePart(in: scene)
            var other = DownloadScene.payload
            // In the last tensor's numbers, where any byte is as good as another.
            other[other.endIndex - 5] ^= 0xff
            scene.hub.put(other, at: DownloadScene.hubPath)
            try await scene.download(DownloadScene.model(sha1: DownloadScene.sha1(of: other)))
            #expect(try scene.destination.contents() == other)
            #expect(scene.hub.requestsForBytes.last?.status == 200)
        }
    }

    @Test("a busy hub is asked again, as long as its patience is asked for no more often than the limit")
    func busy() async throws {
        try await DownloadScene.play { scene in
            scene.hub.order(.status(503), times: 2)
            scene.hub.order(.status(429, retryAfter: 3600))
            try await scene.download()
            #expect(scene.hub.requests.map(\.status) == [503, 503, 429, 302, 200])
            scene.hub.order(.status(503), times: 4)
            let error = await #expect(throws: DownloadError.self) { try await scene.download(force: true) }
            #expect(error == .hubRefused(status: 503, host: "127.0.0.1"))
        }
    }

    /// Long enough that a machine busy with every other test is not taken for a silent hub.
    private static let patience = Duration.seconds(10)

    @Test("a hub that falls silent is left, and the download goes on from there")
    func stall() async throws {
        try await DownloadScene.play { scene in
            scene.hub.order(.stall(after: 2_000_000))
            var limits = DownloadScene.limits
            limits.stall = Self.patience
            try await scene.download(limits: limits)
            #expect(scene.hub.requestsForBytes.count > 1)
            #expect(scene.hub.requestsForBytes.last?.status == 206)
            #expect(try scene.destination.contents() == DownloadScene.payload)
        }
    }

    @Test("a hub that is silent every time is said to be; what has come is kept")
    func alwaysStalls() async throws {
        try await DownloadScene.play { scene in
            scene.hub.order(.stall(after: 4_000_000))
            scene.hub.order(.stall(after: 0), times: 100)
            var limits = DownloadScene.limits
            limits.stall = Self.patience
            limits.attempts = 2
            let error = await #expect(throws: DownloadError.self) { try await scene.download(limits: limits) }
            #expect(error?.code == "stalled")
            let part = try scene.part()
            #expect(!part.isEmpty && DownloadScene.payload.starts(with: part))
        }
    }

    @Test("a server that always breaks off at the same place, and knows no parts, is given up")
    func hopeless() async throws {
        try await DownloadScene.play { scene in
            scene.hub.manner = LocalHub.Manner(redirects: false, tellsChecksums: false, tags: false)
            scene.hub.order(.breakOff(after: 1_000_000), times: 100)
            let error = await #expect(throws: DownloadError.self) { try await scene.download() }
            #expect(error?.code == "gave_up")
            // Bytes that came before and come again are no progress.
            #expect(scene.hub.requests.count < 100)
        }
    }

    /// Does what a process does that is killed in the middle: bytes stay, with the note of what they are. Returns how many.
    private func leavePart(in scene: DownloadScene) async throws -> Int {
        scene.hub.order(.breakOff(after: 2_000_000))
        var limits = DownloadScene.limits
        limits.attempts = 1
        await #expect(throws: DownloadError.self) { try await scene.download(limits: limits) }
        #expect(try scene.names() == ["ggml-trial.bin.part", "ggml-trial.bin.part.json"])
        let part = try scene.part()
        #expect(!part.isEmpty && DownloadScene.payload.starts(with: part))
        return part.count
    }
}

extension LocalHub.Request {
    /// Where the part begins that was asked for.
    fileprivate var start: Int? { range.flatMap { $0.firstMatch(of: /\d+/) }.flatMap { Int($0.output) } }
}
