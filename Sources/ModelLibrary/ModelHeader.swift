import SystemPackage
import Transcripts

/// The sizes at the beginning of a model file in ggml's format, which determine what the model supports.
package struct ModelHeader: Sendable, Hashable {
    /// The size of the vocabulary: 51,864 in English-only models, 51,865 up to large-v2, 51,866 since large-v3.
    package var vocabulary: Int
    /// The positions of the encoder, 20 ms each: 1,500 for half a minute.
    package var audioContext: Int
    /// The width of the encoder.
    package var audioState: Int
    /// The attention heads of each encoder layer.
    package var audioHeads: Int
    /// The layers of the encoder.
    package var audioLayers: Int
    /// The number of tokens that the decoder looks back on.
    package var textContext: Int
    /// The width of the decoder.
    package var textState: Int
    /// The attention heads of each decoder layer.
    package var textHeads: Int
    /// The layers of the decoder.
    package var textLayers: Int
    /// The bands of the spectrogram: 80, or 128 since large-v3.
    package var melBands: Int
    /// The format of the weights, with the version of the quantization in the thousands.
    package var fileType: Int

    package static let byteCount = 48

    /// "ggml" as a number, the lowest byte first.
    private static let magic = 0x6767_6d6c

    /// A header with the usual other sizes: an encoder as wide as the decoder, half a minute of sound, 16-bit weights.
    package init(vocabulary: Int, audioLayers: Int, textState: Int, textHeads: Int, textLayers: Int, melBands: Int = 80) {
        self.init(numbers: [vocabulary, 1500, textState, textHeads, audioLayers, 448, textState, textHeads, textLayers, melBands, 1])
    }

    /// Reads the beginning of a file: the magic number and eleven sizes, each of four bytes, the lowest first.
    ///
    /// Nil if the file is not a model. The check is needed because the engine trusts what it reads.
    package init?(readFrom file: FileDescriptor) {
        let numbers = withUnsafeTemporaryAllocation(byteCount: Self.byteCount, alignment: 4) { buffer -> [Int]? in
            guard (try? file.read(fromAbsoluteOffset: 0, into: buffer)) == Self.byteCount else { return nil }
            return buffer.bindMemory(to: Int32.self).map { Int(Int32(littleEndian: $0)) }
        }
        guard let numbers, numbers[0] == Self.magic else { return nil }
        self.init(numbers: Array(numbers.dropFirst()))
    }

    /// A header of the eleven sizes in the order of the file.
    private init(numbers: [Int]) {
        vocabulary = numbers[0]
        audioContext = numbers[1]
        audioState = numbers[2]
        audioHeads = numbers[3]
        audioLayers = numbers[4]
        textContext = numbers[5]
        textState = numbers[6]
        textHeads = numbers[7]
        textLayers = numbers[8]
        melBands = numbers[9]
        fileType = numbers[10]
    }

    /// The header as bytes of a file; sizes that do not fit into four bytes are truncated.
    package var bytes: [UInt8] {
        let sizes = [
            vocabulary, audioContext, audioState, audioHeads, audioLayers, textContext, textState, textHeads, textLayers, melBands,
            fileType,
        ]
        return ([Self.magic] + sizes).flatMap { $0.fourBytes }
    }

    /// Whether the model supports languages other than English.
    package var isMultilingual: Bool { vocabulary >= 51_865 }

    /// Whether the model can translate to English.
    ///
    /// Turbo and distilled models have fewer layers in their decoder than in their encoder; they were trained only to transcribe.
    package var canTranslate: Bool { isMultilingual && textLayers >= audioLayers }

    /// The number of languages that the model supports.
    package var languages: Int { isMultilingual ? vocabulary - 51_766 : 1 }

    /// Whether the model supports a language; Cantonese came with large-v3.
    package func knows(_ language: Language) -> Bool {
        isMultilingual ? language.code != "yue" || vocabulary >= 51_866 : language.code == "en"
    }

    /// Throws if a model of these sizes does not support an option.
    package func check(_ options: TranscriptionOptions) throws(UnsupportedOption) {
        let wanted = options.language.map { [$0] } ?? options.allowedLanguages
        if let other = wanted.first(where: { !knows($0) }), isMultilingual || !wanted.contains(where: knows) {
            throw isMultilingual ? .languageUnknown(other) : .englishOnly(other)
        }
        if options.translate, !canTranslate { throw .cannotTranslate }
    }

    /// The memory that one recognizer takes besides the weights, in bytes: keys and values of the decoder's layers, and the engine's buffers.
    ///
    /// Keys and values take 2 × 2 bytes for each number of 512 own and 1,536 audio positions in each layer. The buffers are those that
    /// whisper.cpp 1.8.5 reports with flash attention: 140 MB for base, which is 512 wide, and 309 MB for large, which is 1,280 wide. The
    /// other sizes are interpolated.
    package var workingMemory: Int64 {
        // A damaged file can state any size. No model has more layers or is wider than this, and the product fits.
        let (layers, width) = (min(max(0, textLayers), 256), min(max(0, textState), 1 << 20))
        let keysAndValues = 4 * layers * width * (512 + 1536)
        let buffers = 28_000_000 + 220_000 * min(max(0, audioState), 1 << 20)
        return Int64(keysAndValues + buffers)
    }
}
