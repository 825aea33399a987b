import Foundation
import SystemPackage
import TestSupport

@testable import ModelConversion
@testable import ModelLibrary

/// Writes checkpoints for tests, good ones and bad ones.
enum ConvertScene {
    /// A zip file of stored entries.
    ///
    /// - Parameter method: The compression method in the table of contents.
    static func zip(_ entries: [(name: String, bytes: [UInt8])], method: UInt16 = 0) -> Data {
        var file: [UInt8] = []
        var table: [UInt8] = []
        for entry in entries {
            let name = Array(entry.name.utf8)
            let size = little(UInt32(entry.bytes.count))
            let common = joined([0, 0], little(method), zeros(8), size, size, little(UInt16(name.count)), [0, 0])
            table += joined([0x50, 0x4b, 1, 2, 0, 0, 0, 0], common, zeros(10), little(UInt32(file.count)), name)
            file += joined([0x50, 0x4b, 3, 4, 0, 0], common, name, entry.bytes)
        }
        let count = little(UInt16(entries.count))
        let places = joined(little(UInt32(table.count)), little(UInt32(file.count)))
        return Data(joined(file, table, [0x50, 0x4b, 5, 6, 0, 0, 0, 0], count, count, places, [0, 0]))
    }

    /// A checkpoint with this pickle and 1,000 bytes of numbers.
    static func checkpoint(_ pickle: [UInt8]) -> Data {
        zip([("x/data.pkl", pickle), ("x/data/0", zeros(1000))])
    }

    /// A pickle of a checkpoint whose sizes are those of the demo model and which has these tensors.
    static func pickle(tensors: [[UInt8]]) -> [UInt8] {
        let sizes = [
            "n_mels": 80, "n_audio_ctx": 1500, "n_audio_state": 128, "n_audio_head": 2, "n_audio_layer": 4, "n_vocab": 51_865,
            "n_text_ctx": 448, "n_text_state": 128, "n_text_head": 2, "n_text_layer": 4,
        ]
        let dims = dictionary(sizes.map { joined(text($0.key), number($0.value)) })
        let content = dictionary([joined(text("dims"), dims), joined(text("model_state_dict"), dictionary(tensors))])
        return joined([0x80, 2], content, [0x2e])
    }

    /// A named tensor in a pickle: a view of the storage “0”.
    static func tensor(_ name: String, count: Int = 500, start: Int = 0, shape: [Int], strides: [Int]) -> [UInt8] {
        let place = joined(text("storage"), global("torch", "HalfStorage"), text("0"), text("cpu"), number(count))
        let storage = joined([0x28], place, [0x74, 0x51])
        let arguments = joined([0x28], storage, number(start), tuple(shape), tuple(strides), [0x89, 0x29, 0x74])
        return joined(text(name), global("torch._utils", "_rebuild_tensor_v2"), arguments, [0x52])
    }

    private static func dictionary(_ pairs: [[UInt8]]) -> [UInt8] { joined([0x7d, 0x28], Array(pairs.joined()), [0x75]) }

    private static func joined(_ parts: [UInt8]...) -> [UInt8] { Array(parts.joined()) }

    private static func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }

    static func global(_ module: String, _ name: String) -> [UInt8] { [0x63] + Array("\(module)\n\(name)\n".utf8) }

    static func text(_ text: String) -> [UInt8] { [0x58] + little(UInt32(text.utf8.count)) + Array(text.utf8) }

    static func number(_ number: Int) -> [UInt8] { [0x8a, 8] + little(UInt64(bitPattern: Int64(number))) }

    static func tuple(_ numbers: [Int]) -> [UInt8] { [0x28] + numbers.flatMap(number) + [0x74] }

    static func little<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
        (0..<Number.bitWidth / 8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
    }
}
