import Crypto
import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import ModelLibrary

/// The checksum that the hub states is kept beside the model.
struct RememberedChecksumTests {
    @Test("a changed byte in a model without published checksum is found later, by the SHA-256 that the hub stated")
    func bitRot() async throws {
        try await DownloadScene.play { scene in
            try await scene.download(DownloadScene.model(sha1: nil))
            let model = InstalledModel(name: "trial", path: scene.destination, isDemo: false)
            try await model.verify()
            let expected = SHA256.hash(data: DownloadScene.payload).hexadecimal
            #expect(model.rememberedChecksum == expected)
            #expect(try String(decoding: scene.folder.appending("ggml-trial.bin.sha256").contents(), as: UTF8.self).hasPrefix(expected))

            // As a failing disk does it: other content, but the same size and time.
            let before = try FileManager.default.attributesOfItem(atPath: scene.destination.string)[.modificationDate]
            var bytes = DownloadScene.payload
            bytes[bytes.count - 5] ^= 1
            try scene.destination.write(bytes)
            try FileManager.default.setAttributes([.modificationDate: try #require(before)], ofItemAtPath: scene.destination.string)
            await #expect(throws: VerificationError.self) { try await model.verify() }
        }
    }

    @Test("a file that replaces the model is not measured by the old checksum, and a removed model leaves none")
    func replaced() async throws {
        try await DownloadScene.play { scene in
            try await scene.download(DownloadScene.model(sha1: nil))
            let model = InstalledModel(name: "trial", path: scene.destination, isDemo: false)
            try scene.destination.write(DownloadScene.payload)
            let later = [FileAttributeKey.modificationDate: Date(timeIntervalSinceNow: 10)]
            try FileManager.default.setAttributes(later, ofItemAtPath: scene.destination.string)
            #expect(model.rememberedChecksum == nil)
            try ModelLibrary(folder: scene.folder).remove(model)
            #expect(try scene.names() == [])
        }
    }
}
