import Foundation
import ModelLibrary
import SystemPackage
import TestSupport
import Testing

/// What a download refuses, and that nothing is left of it.
@Suite struct DownloadRefusalTests {
    @Test("wrong bytes are found by the published SHA-1, and thrown away, so that the next download succeeds")
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

    @Test("where no SHA-1 is published, the hub's own SHA-256 finds wrong bytes")
    func sha256() async throws {
        try await DownloadScene.play { scene in
            scene.hub.order(.wrongByte)
            let error = await #expect(throws: DownloadError.self) { try await scene.download(DownloadScene.model(sha1: nil)) }
            #expect(error?.code == "wrong_checksum")
            #expect(try scene.names() == [])
            try await scene.download(DownloadScene.model(sha1: nil))
        }
    }

    @Test("a page instead of a model is called no model, and a model cut off by its mirror is called damaged")
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

    @Test("an old model stays when the new one proves wrong")
    func oldStays() async throws {
        try await DownloadScene.play { scene in
            try await scene.download()
            scene.hub.order(.wrongByte)
            await #expect(throws: DownloadError.self) { try await scene.download(force: true) }
            #expect(try scene.destination.contents() == DownloadScene.payload)
            #expect(try scene.names() == ["ggml-trial.bin"])
        }
    }

    @Test("a model that the hub lacks is asked for once")
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

    @Test("a hub that forbids is asked once, and the status is told")
    func forbidden() async throws {
        try await DownloadScene.play { scene in
            scene.hub.order(.status(403))
            let error = await #expect(throws: DownloadError.self) { try await scene.download() }
            #expect(error == .hubRefused(status: 403, host: "127.0.0.1"))
            #expect(scene.hub.requests.count == 1)
        }
    }

    @Test("where nobody listens, the download says so after the few attempts for a first contact")
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

    @Test("a model that the disk has no room for is not begun")
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

    @Test("a reserve that the disk has not got is respected too")
    func reserve() async throws {
        try await DownloadScene.play { scene in
            var limits = DownloadScene.limits
            limits.diskReserve = .max
            let error = await #expect(throws: DownloadError.self) { try await scene.download(limits: limits) }
            #expect(error?.code == "disk_full")
        }
    }

    @Test("a folder that can't be made is named")
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
        "what is no web address is refused by name",
        arguments: ["", "huggingface.co", "ftp://hub.example", "https://", "https://hub.example/?a=b"]
    )
    func address(address: String) async throws {
        let downloader = ModelDownloader(folder: "/nowhere", hub: address, environment: [:])
        let error = await #expect(throws: DownloadError.self) { try await downloader.download(DownloadScene.model()) }
        #expect(error == .badAddress(address))
    }
}
