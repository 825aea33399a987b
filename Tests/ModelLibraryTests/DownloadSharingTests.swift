import Foundation
import ModelLibrary
import SystemPackage
import TestSupport
import Testing

/// Cancelled downloads, and concurrent downloads of the same model.
///
/// The lock belongs to the open file, so two downloads in one process exclude each other as two processes do.
@Suite struct DownloadSharingTests {
    @Test("a cancelled download ends at once, and another one resumes it")
    func cancel() async throws {
        try await DownloadScene.play { scene in
            scene.hub.order(.stall(after: 2_000_000))
            let first = Begun(scene)
            try await first.notes.wait { $0.bytes > 0 }
            try await eventually { try scene.part().count == 2_000_000 }
            first.task.cancel()
            await #expect(throws: CancellationError.self) { try await first.task.value }
            #expect(try scene.part().count == 2_000_000)
            #expect(scene.downloader().progressElsewhere(of: DownloadScene.model()) == nil)
            try await scene.download()
            #expect(try scene.destination.contents() == DownloadScene.payload)
            #expect(scene.hub.requestsForBytes.last?.range == "bytes=2000000-")
        }
    }

    @Test("a download that waits for its next attempt can be cancelled")
    func cancelPause() async throws {
        try await DownloadScene.play { scene in
            scene.hub.order(.status(503), times: 100)
            var limits = DownloadScene.limits
            limits.firstPause = .seconds(3600)
            limits.longestPause = .seconds(3600)
            let first = Begun(scene, limits: limits)
            try await eventually { scene.hub.requests.count == 1 }
            first.task.cancel()
            await #expect(throws: CancellationError.self) { try await first.task.value }
            #expect(try scene.names() == [])
        }
    }

    @Test("of two downloads of one model the second waits, shows the progress of the first, and finds it done")
    func share() async throws {
        try await DownloadScene.play { scene in
            scene.hub.order(.stall(after: 2_000_000))
            let first = Begun(scene)
            try await eventually { (try? scene.part().count) == 2_000_000 }
            let second = Begun(scene)
            let size = Int64(DownloadScene.payload.count)
            try await second.notes.wait { $0.phase == .waiting && $0.bytes == 2_000_000 && $0.total == size }
            let elsewhere = scene.downloader().progressElsewhere(of: DownloadScene.model())
            #expect(elsewhere?.bytes == 2_000_000)
            #expect(elsewhere?.total == size)
            #expect(elsewhere?.phase == .downloading)
            scene.hub.release()
            #expect(try await first.task.value == scene.destination)
            #expect(try await second.task.value == scene.destination)
            #expect(scene.hub.requestsForBytes.count == 1)
            #expect(await second.notes.all.allSatisfy { $0.phase == .waiting })
            #expect(try scene.names() == ["ggml-trial.bin", "ggml-trial.bin.sha256"])
            #expect(scene.downloader().progressElsewhere(of: DownloadScene.model()) == nil)
        }
    }

    @Test("two forced downloads of one model at the same time share one download")
    func shareForced() async throws {
        try await DownloadScene.play { scene in
            try await scene.download()
            scene.hub.order(.stall(after: 2_000_000))
            let first = Begun(scene, force: true)
            try await eventually { (try? scene.part().count) == 2_000_000 }
            let second = Begun(scene, force: true)
            try await second.notes.wait { $0.phase == .waiting }
            scene.hub.release()
            _ = try await (first.task.value, second.task.value)
            #expect(scene.hub.requestsForBytes.count == 2)
        }
    }

    @Test("a waiting download takes over where the other one ended")
    func takeOver() async throws {
        try await DownloadScene.play { scene in
            scene.hub.order(.stall(after: 2_000_000))
            let first = Begun(scene)
            try await eventually { (try? scene.part().count) == 2_000_000 }
            let second = Begun(scene)
            try await second.notes.wait { $0.phase == .waiting }
            first.task.cancel()
            #expect(try await second.task.value == scene.destination)
            #expect(try scene.destination.contents() == DownloadScene.payload)
            #expect(scene.hub.requestsForBytes.map(\.range) == [nil, "bytes=2000000-"])
        }
    }

    @Test("a waiting download can be cancelled without the other one")
    func cancelWaiting() async throws {
        try await DownloadScene.play { scene in
            scene.hub.order(.stall(after: 2_000_000))
            let first = Begun(scene)
            try await eventually { (try? scene.part().count) == 2_000_000 }
            let second = Begun(scene)
            try await second.notes.wait { $0.phase == .waiting }
            second.task.cancel()
            await #expect(throws: CancellationError.self) { try await second.task.value }
            scene.hub.release()
            #expect(try await first.task.value == scene.destination)
        }
    }

    @Test("many concurrent downloads of a model fetch it once, although some are cancelled")
    func many() async throws {
        try await DownloadScene.play { scene in
            scene.hub.order(.stall(after: 2_000_000))
            let downloads = (0..<8).map { _ in Begun(scene) }
            try await eventually { (try? scene.part().count) == 2_000_000 }
            for download in downloads[..<3] { download.task.cancel() }
            scene.hub.release()
            for download in downloads[3...] { #expect(try await download.task.value == scene.destination) }
            #expect(try scene.destination.contents() == DownloadScene.payload)
            #expect(scene.hub.requestsForBytes.count <= 2)
            for download in downloads[..<3] { _ = try? await download.task.value }
            #expect(try scene.names() == ["ggml-trial.bin", "ggml-trial.bin.sha256"])
        }
    }
}

/// A running download, and its progress.
private struct Begun {
    let notes = ProgressNotes()
    let task: Task<FilePath, any Error>

    init(_ scene: DownloadScene, force: Bool = false, limits: DownloadLimits = DownloadScene.limits) {
        let notes = notes
        task = Task {
            try await scene.downloader(limits: limits).download(DownloadScene.model(), force: force) { await notes.add($0) }
        }
    }
}
