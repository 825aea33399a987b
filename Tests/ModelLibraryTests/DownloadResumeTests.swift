import Foundation
import ModelLibrary
import SystemPackage
import TestSupport
import Testing

/// Downloads that are interrupted and resumed.
@Suite struct DownloadResumeTests {
    @Test("after each interruption the download resumes where it stopped, however many there are")
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

    @Test("a partial file of another process is resumed")
    func restart() async throws {
        try await DownloadScene.play { scene in
            let left = try await leavePart(in: scene)
            try await scene.download()
            #expect(try scene.destination.contents() == DownloadScene.payload)
            #expect(try scene.names() == ["ggml-trial.bin", "ggml-trial.bin.sha256"])
            #expect(scene.hub.requestsForBytes.last?.start == left)
        }
    }

    @Test("a complete but unchecked partial file is checked without a request")
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

    @Test("a partial file without a description is not resumed")
    func unknownPart() async throws {
        try await DownloadScene.play { scene in
            try scene.folder.appending("ggml-trial.bin.part").write(Data(repeating: 7, count: 1_000_000))
            try await scene.download()
            #expect(scene.hub.requestsForBytes.map(\.range) == [nil])
        }
    }

    @Test("a partial file that is too long is downloaded again")
    func tooLong() async throws {
        try await DownloadScene.play { scene in
            _ = try await leavePart(in: scene)
            try scene.folder.appending("ggml-trial.bin.part").write(DownloadScene.payload + [1])
            try await scene.download()
            #expect(try scene.destination.contents() == DownloadScene.payload)
        }
    }

    @Test("if a server ignores the requested range, the download starts again")
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

    @Test("a file that changed on the hub is not appended to an old partial file", arguments: [true, false])
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

    @Test("a busy hub is asked again, but only as often as the limit allows")
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

    /// Long enough for a machine that runs all other tests at the same time.
    private static let patience = Duration.seconds(10)

    @Test("a hub that falls silent is disconnected, and the download resumes")
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

    @Test("a hub that is silent every time is reported, and the received bytes are kept")
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

    @Test("a server that always fails at the same offset, and supports no ranges, is given up")
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

    /// Leaves a partial file with its description, as a killed process does; returns its length.
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
    /// The start of the requested range.
    fileprivate var start: Int? { range.flatMap { $0.firstMatch(of: /\d+/) }.flatMap { Int($0.output) } }
}
