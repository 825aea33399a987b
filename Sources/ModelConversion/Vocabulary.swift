import Foundation
import ModelLibrary
import SystemPackage

/// The words of a model in the order of their tokens, as bytes, because many are parts of characters.
struct Vocabulary: Sendable, Hashable {
    /// The number of words in OpenAI's English-only models (gpt2.tiktoken).
    static let englishCount = 50_256
    /// The number of words in OpenAI's multilingual models (multilingual.tiktoken).
    static let multilingualCount = 50_257
    /// The largest file that is read for a vocabulary; the usual ones have about 1 MB.
    private static let largestFile: Int64 = 16 << 20

    var words: [[UInt8]]

    /// The vocabulary as bytes of a model file: the count, then the length and bytes of each word.
    var bytes: [UInt8] {
        words.reduce(into: words.count.fourBytes) { $0 += $1.count.fourBytes + $1 }
    }

    /// Whether these are the words of OpenAI's English-only or multilingual models.
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

    /// The words of a model in ggml's format, without those that the engine adds itself.
    ///
    /// Older English-only files end with “<|endoftext|>”, which the current converter omits.
    init(model file: FileDescriptor) throws {
        words = try ModelFront(file).words(in: file)
        if words.last == Array("<|endoftext|>".utf8), words.count == Self.englishCount + 1 { words.removeLast() }
    }

    /// The words of OpenAI's own files: one per line, in base64, with its token.
    init(tiktoken bytes: [UInt8]) throws(ConversionError) {
        words = []
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            let parts = line.split(separator: UInt8(ascii: " "))
            // An empty word is written as “=”.
            guard parts.count == 2, let word = parts[0] == [UInt8(ascii: "=")] ? Data() : Data(base64Encoded: Data(parts[0])) else {
                throw .vocabularyUnfit("the file is neither a model nor a list of words in base64")
            }
            words.append(Array(word))
        }
    }

    /// The words of a Hugging Face tokenizer with their tokens; throws if one is not written in its alphabet.
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

    /// The letters for bytes in Hugging Face files: printable ones as themselves, the others from U+0100 on (GPT-2's encoder.py).
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

    /// The bytes of a file; throws if it is too large for a vocabulary.
    static func wholeFile(_ file: FileDescriptor) throws -> [UInt8] {
        let length = try file.length()
        guard length <= largestFile else { throw ConversionError.vocabularyUnfit("the file is too large for a vocabulary") }
        return try file.bytes(at: 0, count: Int(length))
    }
}
