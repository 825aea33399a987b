import Transcripts

/// Recognizes blocks with one model, several at a time: a pool of recognizers, or a test's replacement for it.
package protocol BlockRecognizing: Sendable {
    /// How many blocks are recognized at the same time.
    var size: Int { get }

    /// Whether the model knows languages other than English.
    var isMultilingual: Bool { get }

    /// Throws if the model does not support the options.
    func check(_ options: TranscriptionOptions) throws

    /// The probability of each language in a block.
    ///
    /// - Parameter threads: Processor threads; nil for as many as there are idle cores.
    func languageProbabilities(of block: Block, threads: Int?) async throws -> LanguageProbabilities

    /// Recognizes a block.
    ///
    /// - Parameters:
    ///   - threads: Processor threads; nil for as many as there are idle cores.
    ///   - expected: How many recognitions are about to run at the same time, this one included.
    func recognize(_ block: Block, options: RecognitionOptions, threads: Int?, expecting expected: Int) async throws -> RecognizedBlock
}

extension RecognizerPool: BlockRecognizing {
    package var isMultilingual: Bool { model.isMultilingual }

    package func check(_ options: TranscriptionOptions) throws { try model.check(options) }

    package func languageProbabilities(of block: Block, threads: Int?) async throws -> LanguageProbabilities {
        try await withRecognizer(threads: threads) { try await $0.languageProbabilities(of: block.samples, threads: $1) }
    }

    package func recognize(
        _ block: Block,
        options: RecognitionOptions,
        threads: Int?,
        expecting expected: Int
    ) async throws -> RecognizedBlock {
        try await withRecognizer(threads: threads, expecting: expected) { try await $0.recognize(block, options: options, threads: $1) }
    }
}
