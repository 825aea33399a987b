import SystemPackage

/// The part of a model file before its tensors: the sizes, the mel filters and the vocabulary.
package struct ModelFront {
    /// The columns of the mel filters: the frequencies in a spectrum of 400 samples.
    package static let melColumns = 201

    package let header: ModelHeader
    private let vocabularyOffset: Int64
    private let vocabularyCount: Int
    /// The offset of the first tensor.
    let end: Int64

    /// Reads the front of a file; throws `ModelFileError` or the system's `Errno`.
    package init(_ file: FileDescriptor) throws {
        guard let header = ModelHeader(readFrom: file) else { throw ModelFileError.notAModel }
        self.header = header
        let reader = try FileReader(file, from: Int64(ModelHeader.byteCount))
        guard let bands = try reader.int32(), let columns = try reader.int32() else { throw ModelFileError.cutOff(at: reader.length) }
        guard bands == header.melBands, (1...1024).contains(bands), columns == Self.melColumns else {
            throw ModelFileError.damaged(at: Int64(ModelHeader.byteCount), "mel filters of \(bands) bands and \(columns) columns")
        }
        guard reader.skip(Int64(bands * columns * 4)), let count = try reader.int32() else {
            throw ModelFileError.cutOff(at: reader.length)
        }
        guard (0...max(0, header.vocabulary)).contains(count) else {
            throw ModelFileError.damaged(at: reader.position - 4, "a vocabulary of \(count) words")
        }
        vocabularyOffset = reader.position
        vocabularyCount = count
        for _ in 0..<count { _ = try Self.skipWord(reader) }
        end = reader.position
    }

    /// The words of the vocabulary: fewer than `header.vocabulary`, because the engine adds the special ones itself.
    package func words(in file: FileDescriptor) throws -> [[UInt8]] {
        let reader = try FileReader(file, from: vocabularyOffset)
        return try (0..<vocabularyCount).map { _ in
            guard let length = try reader.int32(), let word = try reader.bytes(length) else {
                throw ModelFileError.cutOff(at: reader.length)
            }
            return word
        }
    }

    private static func skipWord(_ reader: FileReader) throws {
        guard let length = try reader.int32() else { throw ModelFileError.cutOff(at: reader.length) }
        // The longest word in use has 128 bytes.
        guard (0...1 << 12).contains(length) else {
            throw ModelFileError.damaged(at: reader.position - 4, "a word of \(length) bytes")
        }
        guard reader.skip(Int64(length)) else { throw ModelFileError.cutOff(at: reader.length) }
    }
}
