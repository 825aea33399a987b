import Foundation
import ModelLibrary
import SystemPackage
import TestSupport
import Testing

/// Downloads without interruptions.
@Suite struct DownloadTests {
    @Test("a model is downloaded through the hub's redirect, and no other file is left")
    func whole() async throws {
        try await DownloadScene.play { scene in
            let path = try await scene.download()
            #expect(path == scene.destination)
            #expect(try path.contents() == DownloadScene.payload)
            #expect(try scene.names() == ["ggml-trial.bin", "ggml-trial.bin.sha256"])
            #expect(scene.hub.requests.map(\.status) == [302, 200])
            #expect(scene.hub.requests.first?.path == "/ggerganov/whisper.cpp/resolve/main/ggml-trial.bin")
        }
    }

    @Test("a mirror may answer without a redirect, have a path and a slash at its end, and send neither checksum nor tag")
    func mirror() async throws {
        try await DownloadScene.play { scene in
            scene.hub.manner = LocalHub.Manner(redirects: false, tellsChecksums: false, tags: false)
            scene.hub.put(DownloadScene.payload, at: "mirrors/hf/\(DownloadScene.hubPath)")
            let path = try await scene.downloader(at: "\(scene.hub.address)/mirrors/hf/").download(DownloadScene.model())
            #expect(try path.contents() == DownloadScene.payload)
            #expect(scene.hub.requests.map(\.path) == ["/mirrors/hf/\(DownloadScene.hubPath)"])
        }
    }

    @Test("an intact model is not downloaded again, but a broken one is, and with force any")
    func again() async throws {
        try await DownloadScene.play { scene in
            try await scene.download()
            try await scene.download()
            #expect(scene.hub.requestsForBytes.count == 1)
            try await scene.download(force: true)
            #expect(scene.hub.requestsForBytes.count == 2)
            try scene.destination.write(DownloadScene.payload.dropLast())
            try await scene.download()
            #expect(scene.hub.requestsForBytes.count == 3)
            #expect(try scene.destination.contents() == DownloadScene.payload)
        }
    }

    @Test("progress only grows, has a total, continues with the check, and ends with all bytes")
    func progress() async throws {
        try await DownloadScene.play { scene in
            scene.hub.manner.bytesPerSecond = 20_000_000
            scene.hub.order(.breakOff(after: 3_000_000))
            let notes = ProgressNotes()
            _ = try await scene.downloader().download(DownloadScene.model()) { await notes.add($0) }
            let all = await notes.all
            let size = Int64(DownloadScene.payload.count)
            let downloading = all.filter { $0.phase == .downloading }
            let checking = all.filter { $0.phase == .checking }
            #expect(all == downloading + checking)
            #expect(downloading.count > 2)
            #expect(downloading.first?.bytes == 0)
            #expect(downloading.map(\.bytes) == downloading.map(\.bytes).sorted())
            #expect(checking.map(\.bytes) == checking.map(\.bytes).sorted())
            #expect(downloading.last?.bytes == size)
            #expect(checking.last?.fraction == 1)
            #expect(all.allSatisfy { $0.total == size })
            #expect(downloading.last?.bytesPerSecond.map { $0 > 0 } == true)
            #expect(downloading.last?.secondsLeft == 0)
        }
    }

    @Test("progress is reported at most five times a second")
    func pace() async throws {
        try await DownloadScene.play { scene in
            let notes = ProgressNotes()
            let start = ContinuousClock.now
            _ = try await scene.downloader().download(DownloadScene.model()) { await notes.add($0) }
            // One for each phase's beginning and end, and one for each fifth of a second that it really took.
            let most = 4 + Int((ContinuousClock.now - start) / .milliseconds(200))
            #expect(await notes.all.count <= most)
        }
    }
}
