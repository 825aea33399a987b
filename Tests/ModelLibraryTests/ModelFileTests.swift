import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import ModelLibrary

/// A model file is either intact or rejected with a reason.
@Suite struct ModelFileTests {
    private static func demo() throws -> FilePath { try ModelLibrary(folder: "/nowhere").model(named: "demo").path }

    @Test("the demo model is described by its own file")
    func demo() throws {
        let model = try ModelFile(path: Self.demo())
        #expect(model.quantization == "q8_0")
        #expect(model.tensors.count == 167)
        // 8.8 million, as Python counts them.
        #expect(model.parameters == 8_818_560)
        #expect(model.byteCount == 10_803_593)
        #expect(model.header.audioContext == 1500)
        #expect(model.header.textContext == 448)
        #expect(model.header.melBands == 80)
        #expect(model.header.fileType == 2007)
        let last = try #require(model.tensors.last)
        #expect(last.offset + last.byteCount == model.byteCount)
        #expect(last == ModelFile.Tensor(name: "decoder.ln.bias", type: .f32, shape: [128], offset: 10_803_081, byteCount: 512))
    }

    @Test("no size in a damaged file ends the process", arguments: [Int(Int32.min), -1, 0, Int(Int32.max)])
    func damagedSizes(size: Int) {
        var header = ModelHeader(vocabulary: size, audioLayers: size, textState: size, textHeads: size, textLayers: size)
        header.audioState = size
        #expect((28_000_000...1 << 60).contains(header.workingMemory))
        #expect(header.languages <= Int(Int32.max))
    }

    @Test("the front of a file is written as it was read")
    func header() throws {
        let model = try ModelFile(path: Self.demo())
        #expect(try Data(model.header.bytes) == Self.demo().contents().prefix(ModelHeader.byteCount))
    }

    @Test("a file that is truncated anywhere is rejected, even between two tensors")
    func cutOff() throws {
        let whole = try Self.demo().contents()
        let offsets = try ModelFile(path: Self.demo()).tensors.map { Int($0.offset + $0.byteCount) }
        for length in [60, 64_000, 64_500, 500_000, whole.count / 2, offsets[0], offsets[100], offsets[165], whole.count - 1] {
            try Self.withFile(whole.prefix(length)) { path in
                #expect(throws: ModelFileError.cutOff(at: Int64(length)), "\(length)") { try ModelFile(path: path) }
            }
        }
    }

    @Test("a file with bytes after its end is rejected")
    func tooLong() throws {
        let whole = try Self.demo().contents()
        try Self.withFile(whole + Data(count: 100)) { path in
            let error = #expect(throws: ModelFileError.self) { try ModelFile(path: path) }
            #expect(error?.code == "damaged")
        }
        try Self.withFile(whole + whole.suffix(600)) { path in
            #expect(throws: ModelFileError.self) { try ModelFile(path: path) }
        }
    }

    @Test("a file that is not a model is rejected", arguments: ["", "lmgg", "<html>not found</html>", "{}"])
    func otherFile(content: String) throws {
        try Self.withFile(Data(content.utf8)) { path in
            #expect(throws: ModelFileError.notAModel) { try ModelFile(path: path) }
        }
    }

    @Test("an unreadable file is rejected: a missing one, a folder, a pipe")
    func unreadable() async throws {
        try await TemporaryFolder.with { folder in
            let pipe = folder.appending("pipe")
            try await CommandLineProgram("mkfifo", [pipe.string]).succeed()
            for path in [folder.appending("nothing"), folder, pipe] {
                let error = #expect(throws: ModelFileError.self) { try ModelFile(path: path) }
                #expect(error?.code == "unreadable")
            }
        }
    }

    @Test("impossible sizes are rejected before memory is allocated for them", arguments: 1...11)
    func strangeSizes(place: Int) throws {
        try Self.withFile(try Self.demo().contents()) { path in
            let file = try FileDescriptor.open(path, .readWrite)
            defer { try? file.close() }
            for size in [-1, 0, 13, 1 << 30, Int32.max, Int32.min] {
                try Self.put(size.fourBytes, at: place * 4, file)
                let error = #expect(throws: ModelFileError.self, "\(size)") { try ModelFile(path: path) }
                #expect(["strange_sizes", "damaged", "cut_off"].contains(error?.code), "\(size)")
            }
        }
    }

    @Test("a file with any changed byte in its structure is read, or rejected with a reason", arguments: 0..<4)
    func anyByte(seed: Int) throws {
        var dice = Dice(seed: UInt64(seed))
        let model = try ModelFile(path: Self.demo())
        let heads = model.tensors.map { Int($0.offset) - 60 }
        try Self.withFile(try Self.demo().contents()) { path in
            let file = try FileDescriptor.open(path, .readWrite)
            defer { try? file.close() }
            for _ in 0..<25 {
                let place = dice.roll(2) == 0 ? heads[dice.roll(heads.count)] + dice.roll(60) : dice.roll(Int(model.tensorsOffset))
                let before = try file.bytes(at: Int64(place), count: 1)
                try Self.put([UInt8(dice.roll(256))], at: place, file)
                // A changed word or filter is not detected, but the process must not crash.
                _ = try? ModelFile(path: path)
                try Self.put(before, at: place, file)
            }
            #expect(try ModelFile(path: path).tensors == model.tensors)
        }
    }

    private static func put(_ bytes: [UInt8], at place: Int, _ file: FileDescriptor) throws {
        _ = try bytes.withUnsafeBytes { try file.write(toAbsoluteOffset: Int64(place), $0) }
    }

    /// Runs work on a file of these bytes.
    private static func withFile(_ data: Data, _ work: (FilePath) throws -> Void) throws {
        let folder = try TemporaryFolder.make()
        defer { try? FileManager.default.removeItem(atPath: folder.string) }
        let path = folder.appending("ggml-file.bin")
        try path.write(data)
        try work(path)
    }
}
