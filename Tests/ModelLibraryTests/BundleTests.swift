import Basics
import Crypto
import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import ModelLibrary

/// Models are installed from a bundle unchanged, or not at all.
@Suite struct BundleTests {
    @Test("models are packed and installed unchanged, and any tar program can read the bundle")
    func roundTrip() async throws {
        try await TemporaryFolder.with { folder in
            let bundle = folder.appending("models.tar")
            let models = try Self.models(named: ["tiny", "base.en"], in: folder)
            let told = Told()
            try await BundleWriter.write(models: models, to: bundle) { await told.add($0) }
            let listed = try await CommandLineProgram("tar", ["tf", bundle.string]).succeed().output
            #expect(listed.split(separator: "\n") == ["manifest.json", "ggml-tiny.bin", "ggml-base.en.bin"])
            let into = folder.appending("installed")
            #expect(try await BundleInstaller.install(from: bundle, into: into) { await told.add($0) } == ["tiny", "base.en"])
            #expect(try into.names() == ["ggml-base.en.bin", "ggml-tiny.bin"])
            for model in models {
                #expect(try into.appending("ggml-\(model.name).bin").contents() == model.path.contents())
            }
            for step in [ModelBundle.Progress.Step.checking, .writing, .installing] {
                let parts = await told.progress.filter { $0.step == step }.map(\.fraction)
                #expect(parts == parts.sorted())
                #expect(parts.last == 1)
            }
        }
    }

    @Test("the same models give the same bundle")
    func reproducible() async throws {
        try await TemporaryFolder.with { folder in
            let models = try Self.models(named: ["tiny"], in: folder)
            for name in ["one.tar", "two.tar"] { try await BundleWriter.write(models: models, to: folder.appending(name)) }
            #expect(try folder.appending("one.tar").sha256() == folder.appending("two.tar").sha256())
        }
    }

    @Test("an installed model stays, unless it shall be replaced")
    func force() async throws {
        try await Self.withBundle { bundle, into in
            try FileManager.default.createDirectory(atPath: into.string, withIntermediateDirectories: true)
            let mine = into.appending("ggml-tiny.bin")
            try mine.write(Data("mine".utf8))
            #expect(try await BundleInstaller.install(from: bundle, into: into) == [])
            #expect(try mine.contents() == Data("mine".utf8))
            #expect(try await BundleInstaller.install(from: bundle, into: into, force: true) == ["tiny"])
            #expect(try ModelFile(path: mine).quantization == "q8_0")
        }
    }

    @Test("a bundle with one changed byte in a model is rejected, and no file is left")
    func checksum() async throws {
        try await Self.withBundle { bundle, into in
            var bytes = try bundle.contents()
            bytes[5_000_000] ^= 1
            try bundle.write(bytes)
            let error = await #expect(throws: BundleError.self) { try await BundleInstaller.install(from: bundle, into: into) }
            #expect(error?.code == "checksum")
            #expect(try into.names() == [])
        }
    }

    @Test("a bundle that is truncated anywhere is rejected, and no incomplete file is left")
    func cutOff() async throws {
        try await Self.withBundle { bundle, into in
            let whole = try bundle.contents()
            for length in [0, 100, 512, 700, 1024, 1500, 6_000_000, whole.count - 3000] {
                try bundle.write(whole.prefix(length))
                await #expect(throws: BundleError.self, "\(length)") { try await BundleInstaller.install(from: bundle, into: into) }
                #expect(try !FileManager.default.fileExists(atPath: into.string) || into.names() == [])
            }
        }
    }

    @Test(
        "names that lead out of the folder are rejected",
        arguments: ["../evil", "/etc/evil", "a/b", "..", "", "a\u{0}b", ".hidden", "ümlaut", String(repeating: "a", count: 65)]
    )
    func paths(name: String) async throws {
        try await TemporaryFolder.with { folder in
            let bundle = folder.appending("models.tar")
            try bundle.write(try Self.bundle(name: name, content: try Self.demo().contents()))
            let error = await #expect(throws: BundleError.self) {
                try await BundleInstaller.install(from: bundle, into: folder.appending("installed"))
            }
            #expect(error?.code == "forbidden_name")
            #expect(try folder.names() == ["models.tar"])
        }
    }

    @Test("an incomplete model is rejected although its checksum is right")
    func noModel() async throws {
        try await TemporaryFolder.with { folder in
            let bundle = folder.appending("models.tar")
            try bundle.write(try Self.bundle(name: "tiny", content: Data("no model".utf8)))
            await #expect(throws: BundleError.model("tiny", .notAModel)) {
                try await BundleInstaller.install(from: bundle, into: folder.appending("installed"))
            }
            let names = try folder.appending("installed").names()
            #expect(names == [])
        }
    }

    @Test("a broken model is not packed, and no file is left")
    func brokenSource() async throws {
        try await TemporaryFolder.with { folder in
            let path = folder.appending("ggml-tiny.bin")
            try path.write(try Self.demo().contents().prefix(5_000_000))
            let model = InstalledModel(name: "tiny", path: path, isDemo: false)
            await #expect(throws: BundleError.model("tiny", .cutOff(at: 5_000_000))) {
                try await BundleWriter.write(models: [model], to: folder.appending("models.tar"))
            }
            #expect(try folder.names() == ["ggml-tiny.bin"])
        }
    }

    @Test("a bundle of no model, or of one model twice, is rejected")
    func strangeChoice() async throws {
        try await TemporaryFolder.with { folder in
            let models = try Self.models(named: ["tiny"], in: folder)
            for choice in [[], models + models] {
                let error = await #expect(throws: BundleError.self) {
                    try await BundleWriter.write(models: choice, to: folder.appending("models.tar"))
                }
                #expect(error?.code == "strange_choice")
            }
            #expect(try folder.names() == ["ggml-tiny.bin"])
        }
    }

    private static func demo() throws -> FilePath { try ModelLibrary(folder: "/nowhere").model(named: "demo").path }

    /// The demo model's file under other names.
    private static func models(named names: [String], in folder: FilePath) throws -> [InstalledModel] {
        try names.map { name in
            let path = folder.appending("ggml-\(name).bin")
            try path.write(try demo().contents())
            return InstalledModel(name: name, path: path, isDemo: false)
        }
    }

    /// Runs work with a bundle of one model, and a folder that does not exist yet.
    private static func withBundle(_ work: (FilePath, FilePath) async throws -> Void) async throws {
        try await TemporaryFolder.with { folder in
            let bundle = folder.appending("models.tar")
            try await BundleWriter.write(models: try models(named: ["tiny"], in: folder), to: bundle)
            try await work(bundle, folder.appending("installed"))
        }
    }

    /// A bundle with one file, as an attacker would make it.
    private static func bundle(name: String, content: Data) throws -> Data {
        let digest = SHA256.hash(data: content).hexadecimal
        let entry = BundleManifest.Entry(name: name, file: "ggml-\(name).bin", bytes: Int64(content.count), sha256: digest)
        let list = try JSONEncoder().encode(BundleManifest(models: [entry]))
        return [("manifest.json", list), (entry.file, content)].reduce(Data()) { archive, file in
            let head = TarHead(name: file.0, byteCount: Int64(file.1.count))
            return archive + head.bytes + file.1 + Data(count: Int(head.padding))
        }
    }
}

/// Collects progress.
private actor Told {
    var progress: [ModelBundle.Progress] = []

    func add(_ progress: ModelBundle.Progress) {
        self.progress.append(progress)
    }
}
