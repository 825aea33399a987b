import Foundation
import ModelLibrary
import SystemPackage
import TestSupport
import Testing

/// Downloads that fail, and leave no file.
@Suite struct DownloadRefusalTests {
    @Test("wrong bytes are detected by the published SHA-1 and removed, so that the next download succeeds")
    func sha1() async throws {
        try await DownloadScene.play { scene in
            scene.hub.manner.tellsChecksums = false
            scene.hub.order(.wrongByte)
            let error = await #expect(throws: DownloadError.self) { try await scene.download() }
            #expect(error?.code == "wrong_checksum")
            #expect(try scene.names() == [])
            try await scene.download()
            #expect(try scene.destination.contents() == DownloadScene.payload)
        }
    }

    @Test("without a published SHA-1, the hub's SHA-256 detects wrong bytes")
    func sha256() async throws {
        try await DownloadScene.play { scene in
            scene.hub.order(.wrongByte)
            let error = await #expect(throws: DownloadError.self) { try await scene.download(DownloadScene.model(sha1: nil)) }
            #expect(error?.code == "wrong_checksum")
            #expect(try scene.names() == [])
            try await scene.download(DownloadScene.model(sha1: nil))
        }
    }

    @Test("a page instead of a model is reported as no model, and a truncated model as damaged")
    func notAModel() async throws {
        try await DownloadScene.play { scene in
            scene.hub.put(Data("<html>Please sign in</html>".utf8), at: DownloadScene.hubPath)
            let page = await #expect(throws: DownloadError.self) { try await scene.download() }
            #expect(page?.code == "not_a_model")
            scene.hub.put(DownloadScene.payload.dropLast(1000), at: DownloadScene.hubPath)
            let cut = await #expect(throws: DownloadError.self) { try await scene.download(DownloadScene.model(sha1: nil)) }
            #expect(cut?.code == "not_a_model")
            let left = try scene.names()
            #expect(left == [])
        }
    }

    @Test("an old model stays if the new one is wrong")
    func oldStays() async throws {
        try await DownloadScene.play { scene in
            try await scene.download()
            scene.hub.order(.wrongByte)
            await #expect(throws: DownloadError.self) { try await scene.download(force: true) }
            #expect(try scene.destination.contents() == DownloadScene.payload)
            #expect(try scene.names() == ["ggml-trial.bin", "ggml-trial.bin.sha256"])
        }
    }

    @Test("a model that the hub lacks is requested once")
    func notFound() async throws {
        try await DownloadScene.play { scene in
            scene.hub.order(.status(404))
            let error = await #expect(throws: DownloadError.self) { try await scene.download() }
            #expect(error == .notFound(file: "ggml-trial.bin", host: "127.0.0.1"))
            #expect(scene.hub.requests.count == 1)
            let left = try scene.names()
            #expect(left == [])
        }
    }

    @Test("a hub that refuses is asked once, and the status is reported")
    func forbidden() async throws {
        try await DownloadScene.play { scene in
            scene.hub.order(.status(403))
            let error = await #expect(throws: DownloadError.self) { try await scene.download() }
            #expect(error == .hubRefused(status: 403, host: "127.0.0.1"))
            #expect(scene.hub.requests.count == 1)
        }
    }

    @Test("an unreachable hub is reported after the few attempts of a first contact")
    func offline() async throws {
        let address = "http://127.0.0.1:\(try FreePort.find())"
        try await DownloadScene.play { scene in
            let error = await #expect(throws: DownloadError.self) {
                try await scene.downloader(at: address).download(DownloadScene.model())
            }
            #expect(error?.code == "offline")
            #expect(error?.description.contains("Could not connect to 127.0.0.1 (Connection refused)") == true)
            #expect(error?.description.contains("MODEL_HUB_URL") == true)
            let left = try scene.names()
            #expect(left == [])
        }
    }

    @Test("a model that does not fit on the disk is not requested")
    func diskFull() async throws {
        try await DownloadScene.play { scene in
            let error = await #expect(throws: DownloadError.self) {
                try await scene.download(DownloadScene.model(sizeBytes: 1 << 60))
            }
            #expect(error?.code == "disk_full")
            #expect(scene.hub.requests.isEmpty)
            let left = try scene.names()
            #expect(left == [])
        }
    }

    @Test("a reserve that the disk lacks is respected")
    func reserve() async throws {
        try await DownloadScene.play { scene in
            var limits = DownloadScene.limits
            limits.diskReserve = .max
            let error = await #expect(throws: DownloadError.self) { try await scene.download(limits: limits) }
            #expect(error?.code == "disk_full")
        }
    }

    @Test("a folder that can't be created is named")
    func folder() async throws {
        try await DownloadScene.play { scene in
            let file = scene.folder.appending("file")
            try file.write(Data())
            let downloader = ModelDownloader(folder: file.appending("models"), hub: scene.hub.address, environment: [:])
            let error = await #expect(throws: DownloadError.self) { try await downloader.download(DownloadScene.model()) }
            #expect(error?.code == "cannot_write")
            #expect(error?.description.contains(file.string) == true)
        }
    }

    @Test(
        "an invalid web address is named",
        arguments: ["", "huggingface.co", "ftp://hub.example", "https://", "https://hub.example/?a=b"]
    )
    func address(address: String) async throws {
        let downloader = ModelDownloader(folder: "/nowhere", hub: address, environment: [:])
        let error = await #expect(throws: DownloadError.self) { try await downloader.download(DownloadScene.model()) }
        #expect(error == .badAddress(address))
    }
}
