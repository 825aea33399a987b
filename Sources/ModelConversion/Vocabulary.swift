import Foundation
import ModelLibrary
import SystemPackage

/// The words of a model in the order of their numbers, as bytes: many are parts of characters.
struct Vocabulary: Sendable, Hashable {
    /// Words of OpenAI's English-only models (gpt2.tiktoken).
    static let englishCount = 50_256
    /// Words of OpenAI's multilingual models (multilingual.tiktoken).
    static let multilingualCount = 50_257
    /// The largest file that is read for a vocabulary; those there are have about 1 MB.
    private static let largestFile: Int64 = 16 << 20

    var words: [[UInt8]]

    /// How a model file has the vocabulary: the count, then each word's length and bytes.
    var bytes: [UInt8] {
        words.reduce(into: words.count.fourBytes) { $0 += $1.count.fourBytes + $1 }
    }

    /// Whether these are the words of OpenAI's models of one kind.
    func fits(englishOnly: Bool) -> Bool {
        words.count == (englishOnly ? Self.englishCount : Self.multilingualCount)
    }

    init(words: [[UInt8]]) {
        self.words = words
    }

    /// Reads a vocabulary from a model in ggml's format or from a `.tiktoken` file; blocks its thread.
    init(path: FilePath) throws {
        let file = try FileDescriptor.openFile(path)
        defer { try? file.close() }
        if ModelHeader(readFrom: file) != nil {
            try self.init(model: file)
        } else {
            try self.init(tiktoken: try Self.wholeFile(file))
        }
    }

    /// The words of a model in ggml's format, without those at the end that the engine knows by itself.
    ///
    /// Older English-only files end with “<|endoftext|>”, which today's converter leaves out.
    init(model file: FileDescriptor) throws {
        words = try ModelFront(file).words(in: file)
        if words.last == Array("<|endoftext|>".utf8), words.count == Self.englishCount + 1 { words.removeLast() }
    }

    /// The words of OpenAI's own files: one to a line, in base64, and its number.
    init(tiktoken bytes: [UInt8]) throws(ConversionError) {
        words = []
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            let parts = line.split(separator: UInt8(ascii: " "))
            // A word without bytes stands as a lone “=” there.
            guard parts.count == 2, let word = parts[0] == [UInt8(ascii: "=")] ? Data() : Data(base64Encoded: Data(parts[0])) else {
                throw .vocabularyUnfit("the file is neither a model nor a list of words in base64")
            }
            words.append(Array(word))
        }
    }

    /// The words of a Hugging Face tokeniser by their numbers; throws if one is not written in its alphabet.
    init(huggingFace numbers: [String: Int]) throws(ConversionError) {
        words = []
        for (text, _) in numbers.sorted(by: { $0.value < $1.value }) {
            var word: [UInt8] = []
            for scalar in text.unicodeScalars {
                guard let byte = Self.alphabet[scalar] else { throw .vocabularyUnfit("“\(text.prefix(50))” is not written as bytes") }
                word.append(byte)
            }
            words.append(word)
        }
    }

    /// The letters that stand for bytes in Hugging Face files: printable ones for themselves, U+0100 and up for the rest (GPT-2's encoder.py).
    private static let alphabet: [Unicode.Scalar: UInt8] = {
        var letters: [Unicode.Scalar: UInt8] = [:]
        var next = UInt32(256)
        for byte in UInt8.min...UInt8.max {
            let isPrintable = (0x21...0x7e).contains(byte) || (0xa1...0xac).contains(byte) || byte >= 0xae
            let code = isPrintable ? UInt32(byte) : next
            if !isPrintable { next += 1 }
            if let letter = Unicode.Scalar(code) { letters[letter] = byte }
        }
        return letters
    }()

    /// A file's bytes, if it has no more than a vocabulary could have.
    static func wholeFile(_ file: FileDescriptor) throws -> [UInt8] {
        let length = try file.length()
        guard length <= largestFile else { throw ConversionError.vocabularyUnfit("the file is too large for a vocabulary") }
        return try file.bytes(at: 0, count: Int(length))
    }
}
