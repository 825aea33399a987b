import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import ModelConversion
@testable import ModelLibrary

/// Broken and malicious checkpoints are rejected with a reason; nothing of them is run.
@Suite struct ConvertHostileTests {
    @Test(
        "a pickle that asks for a call is rejected with the name of the function",
        arguments: [("posix", "system"), ("builtins", "eval"), ("subprocess", "Popen"), ("torch.serialization", "load")]
    )
    func call(module: String, name: String) async throws {
        let arguments: [UInt8] = [0x28] + ConvertScene.text("touch hacked") + [0x74]
        let call: [UInt8] = ConvertScene.global(module, name) + arguments + [0x52]
        let pickle = ConvertScene.pickle(tensors: [ConvertScene.text("encoder.conv1.bias") + call])
        try await Self.expect(.forbidden("a call of “\(module).\(name)”"), of: ConvertScene.checkpoint(pickle))
    }

    @Test(
        "pickle operations that no checkpoint needs are rejected",
        // Objects made by class, by extension number, and by newer protocols.
        arguments: [0x69, 0x6f, 0x81, 0x82, 0x92, 0x93, 0x50, 0x49, 0x5d] as [UInt8]
    )
    func operation(number: UInt8) async throws {
        let hexadecimal = String(number, radix: 16)
        try await Self.expect(
            .forbidden("the pickle operation 0x\(hexadecimal)"),
            of: ConvertScene.checkpoint([0x80, 2, 0x7d, number, 0x2e])
        )
    }

    @Test("deeply nested tuples don't exhaust the stack")
    func deepTuples() async throws {
        let pickle: [UInt8] = [0x80, 2, 0x4e] + [UInt8](repeating: 0x85, count: 100_000) + [0x2e]
        try await Self.expect(.forbidden("tuples in more than 8 tuples"), of: ConvertScene.checkpoint(pickle))
    }

    @Test(
        "tensors with a wrong place or size are rejected",
        arguments: [
            ConvertScene.tensor("t", shape: [501], strides: [1]),
            ConvertScene.tensor("t", start: 1, shape: [500], strides: [1]),
            ConvertScene.tensor("t", start: -1, shape: [1], strides: [1]),
            ConvertScene.tensor("t", start: .max, shape: [1], strides: [1]),
            ConvertScene.tensor("t", count: .max, shape: [1], strides: [1]),
            ConvertScene.tensor("t", count: 501, shape: [1], strides: [1]),
            ConvertScene.tensor("t", count: -1, shape: [1], strides: [1]),
            ConvertScene.tensor("t", shape: [-1], strides: [1]),
            ConvertScene.tensor("t", shape: [-2, -3], strides: [-3, 1]),
            ConvertScene.tensor("t", shape: [.max, .max], strides: [.max, 1]),
            ConvertScene.tensor("t", shape: [0, 1 << 40, 1 << 40], strides: [0, 1 << 40, 1]),
            ConvertScene.tensor("t", shape: [.min], strides: [1]),
            ConvertScene.tensor("t", shape: [2, 2], strides: [1]),
        ]
    )
    func lies(tensor: [UInt8]) throws {
        let data = ConvertScene.checkpoint(ConvertScene.pickle(tensors: [tensor]))
        try Self.withCheckpoint(data) { path in
            let error = #expect(throws: ConversionError.self) { try TorchCheckpoint.read(path) }
            #expect(error?.code == "damaged")
        }
    }

    @Test("numbers that are stored in another order are rejected")
    func transposed() async throws {
        let tensor = ConvertScene.tensor("t", shape: [20, 10], strides: [1, 20])
        let data = ConvertScene.checkpoint(ConvertScene.pickle(tensors: [tensor]))
        try await Self.expect(.unsupported("the numbers of “t” are not stored in order"), of: data)
    }

    @Test("tensors that share bytes are rejected, so that a model cannot be larger than its checkpoint")
    func overlap() throws {
        let whole = try TorchCheckpoint.read(DemoCheckpoint.path)
        var checkpoint = whole
        let index = try #require(whole.tensors.firstIndex { $0.name == "encoder.blocks.0.attn.key.weight" })
        let other = try #require(whole.tensors.first { $0.name == "encoder.blocks.0.attn.query.weight" })
        let tensor = checkpoint.tensors[index]
        checkpoint.tensors[index] = Checkpoint.Tensor(
            name: tensor.name,
            format: tensor.format,
            shape: tensor.shape,
            file: tensor.file,
            offset: other.offset + 2
        )
        let error = #expect(throws: ConversionError.self) { try checkpoint.checkedLayout() }
        #expect(error == .damaged("“\(other.name)” and “\(tensor.name)” overlap"))
        #expect(throws: Never.self) { try whole.checkedLayout() }
    }

    @Test("compressed entries are rejected, so that nothing can expand")
    func compressed() async throws {
        try await Self.expect(.unsupported("“x/data.pkl” is compressed"), of: ConvertScene.zip([("x/data.pkl", [0x2e])], method: 8))
    }

    @Test("a file that is not a checkpoint is rejected", arguments: ["", "PK", "no checkpoint at all", "\u{80}\u{2}}."])
    func otherFile(content: String) async throws {
        try await Self.expect(.unknownSource, of: Data(content.utf8))
    }

    @Test("a checkpoint that is truncated anywhere is rejected")
    func cutOff() async throws {
        let whole = try DemoCheckpoint.path.contents()
        for length in [4, 100, 5_000, 18_950, 400_000, whole.count / 2, whole.count - 30_000, whole.count - 23, whole.count - 1] {
            try Self.withCheckpoint(whole.prefix(length)) { path in
                let error = #expect(throws: ConversionError.self, "\(length)") { try TorchCheckpoint.read(path) }
                #expect(error?.code == "damaged")
            }
        }
    }

    @Test("a checkpoint with any changed byte is read, or rejected with a reason", arguments: 0..<4)
    func anyByte(seed: Int) throws {
        var dice = Dice(seed: UInt64(seed))
        let length = try DemoCheckpoint.path.contents().count
        try Self.withCheckpoint(try DemoCheckpoint.path.contents()) { path in
            let file = try FileDescriptor.open(path, .readWrite)
            defer { try? file.close() }
            for _ in 0..<25 {
                // The pickle is at the beginning and the table of contents at the end; only numbers are between them.
                let places = (0...dice.roll(3)).map { _ in dice.roll(2) == 0 ? dice.roll(19_400) : length - 1 - dice.roll(20_000) }
                let before = try places.map { try file.bytes(at: Int64($0), count: 1) }
                for place in places { try Self.put([UInt8(dice.roll(256))], at: place, file) }
                do {
                    _ = try TorchCheckpoint.read(path).checkedLayout()
                } catch {
                    #expect(error is ConversionError, "\(error)")
                }
                for (place, byte) in zip(places, before).reversed() { try Self.put(byte, at: place, file) }
            }
            #expect(throws: Never.self) { try TorchCheckpoint.read(path).checkedLayout() }
        }
    }

    private static func put(_ bytes: [UInt8], at place: Int, _ file: FileDescriptor) throws {
        _ = try bytes.withUnsafeBytes { try file.write(toAbsoluteOffset: Int64(place), $0) }
    }

    /// Runs work on a file of these bytes.
    private static func withCheckpoint(_ data: Data, _ work: (FilePath) throws -> Void) throws {
        let folder = try TemporaryFolder.make()
        defer { try? FileManager.default.removeItem(atPath: folder.string) }
        let path = folder.appending("checkpoint.pt")
        try path.write(data)
        try work(path)
    }

    /// Expects that converting a file of these bytes fails like this and leaves no file.
    private static func expect(_ error: ConversionError, of data: Data) async throws {
        try await TemporaryFolder.with { folder in
            let source = folder.appending("checkpoint.pt")
            try source.write(data)
            let converter = ModelConverter(models: ModelLibrary(folder: folder))
            await #expect(throws: error) { try await converter.convert(source, to: folder.appending("ggml-made.bin")) }
            #expect(try folder.names() == ["checkpoint.pt"])
        }
    }
}
