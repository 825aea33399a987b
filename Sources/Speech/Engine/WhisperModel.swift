import CWhisper
import Dispatch
import ModelLibrary
import SystemPackage
import Transcripts

/// The weights of one model, shared by every recognizer.
///
/// Unchecked because the compiler cannot see that the engine only reads the weights once they are loaded.
package final class WhisperModel: @unchecked Sendable {
    /// Whether the model knows languages other than English.
    package var isMultilingual: Bool { sizes.isMultilingual }

    /// Whether the model can turn speech of other languages into English.
    package var canTranslate: Bool { sizes.canTranslate }

    /// How the times of words are found with the model as it was loaded.
    package let timing: WordTiming

    let context: OpaquePointer
    let sizes: ModelHeader

    /// Loads a model file in ggml's format, on a thread of its own; throws `SpeechError.modelUnreadable` if it is none or is cut off.
    ///
    /// - Parameter wordTiming: Whether words are to be timed by attention where the model's heads are known; recognition is then a little
    ///   slower, because the engine cannot look into its fast way of attention.
    package static func load(path: FilePath, wordTiming: Bool = false) async throws -> WhisperModel {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue(label: "earshot.model").async {
                continuation.resume(with: Result { try WhisperModel(path: path, wordTiming: wordTiming) })
            }
        }
    }

    private init(path: FilePath, wordTiming: Bool) throws(SpeechError) {
        guard EngineParts.areLoaded else { throw .noProcessor }
        guard let (sizes, length) = Self.look(at: path) else { throw .modelUnreadable(path: path.string) }
        var parameters = whisper_context_default_params()
        timing = Self.prepare(&parameters, for: wordTiming ? AttentionHeads(sizes, name: path.lastComponent?.string ?? "") : nil)
        guard let context = whisper_init_from_file_with_params_no_state(path.string, parameters) else {
            throw .modelUnreadable(path: path.string)
        }
        self.context = context
        self.sizes = sizes
        // The engine takes a file that ends after its vocabulary for a model; no real one is smaller than a quarter of its embedding.
        guard length > Int64(sizes.textState) * Int64(sizes.vocabulary) / 4 else { throw .modelUnreadable(path: path.string) }
    }

    deinit {
        whisper_free(context)
    }

    /// Refuses what the model can't do.
    package func check(_ options: TranscriptionOptions) throws(UnsupportedOption) {
        try sizes.check(options)
    }

    /// Makes the engine keep what its heads attend to, and says how words will be timed.
    private static func prepare(_ parameters: inout whisper_context_params, for heads: AttentionHeads?) -> WordTiming {
        guard let heads else { return .tokens }
        // Attention in one go, "flash", never has the numbers that are wanted here, and the engine then times nothing without a word.
        parameters.flash_attn = false
        parameters.dtw_token_timestamps = true
        parameters.dtw_aheads_preset = heads.preset
        return .attention
    }

    /// The sizes that a file begins with, and its length in bytes; nil if it doesn't begin like a model.
    private static func look(at path: FilePath) -> (ModelHeader, Int64)? {
        guard let file = try? FileDescriptor.open(path, .readOnly, options: [.nonBlocking, .closeOnExec]) else { return nil }
        defer { try? file.close() }
        guard let sizes = ModelHeader(readFrom: file), let length = try? file.seek(offset: 0, from: .end) else { return nil }
        return (sizes, length)
    }
}
