import Basics
import CWhisper
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

    /// How words are timed with the model as it was loaded.
    package let timing: WordTiming

    let context: OpaquePointer
    let sizes: ModelHeader

    /// Loads a model file in ggml's format, on a thread of its own; throws `SpeechError.modelUnreadable` if it is damaged or of another kind.
    ///
    /// - Parameter wordTiming: Whether words are timed by attention where the model's heads are known. Recognition is then a little
    ///   slower, because flash attention does not expose its weights.
    package static func load(path: FilePath, wordTiming: Bool = false) async throws -> WhisperModel {
        try await blocking { try WhisperModel(path: path, wordTiming: wordTiming) }
    }

    private init(path: FilePath, wordTiming: Bool) throws(SpeechError) {
        guard EngineLibraries.load() else { throw .noProcessor }
        guard let sizes = Self.checkedHeader(of: path) else { throw .modelUnreadable(path: path.string) }
        var parameters = whisper_context_default_params()
        timing = Self.prepare(&parameters, for: wordTiming ? AttentionHeads(sizes, name: path.lastComponent?.string ?? "") : nil)
        guard let context = whisper_init_from_file_with_params_no_state(path.string, parameters) else {
            throw .modelUnreadable(path: path.string)
        }
        self.context = context
        self.sizes = sizes
    }

    deinit {
        whisper_free(context)
    }

    /// Throws if the model does not support the options.
    package func check(_ options: TranscriptionOptions) throws(UnsupportedOption) {
        try sizes.check(options)
    }

    /// Makes the engine keep the attention of its heads, and returns how words will be timed.
    private static func prepare(_ parameters: inout whisper_context_params, for heads: AttentionHeads?) -> WordTiming {
        guard let heads else { return .tokens }
        // Flash attention never has these weights, and the engine would then silently time nothing.
        parameters.flash_attn = false
        parameters.dtw_token_timestamps = true
        parameters.dtw_aheads_preset = heads.preset
        return .attention
    }

    /// The sizes of an intact model; nil if the file is not one. The engine trusts its file: a damaged one would end the process.
    private static func checkedHeader(of path: FilePath) -> ModelHeader? {
        guard (try? ModelFile.check(path)) != nil else { return nil }
        return InstalledModel.header(of: path)
    }
}
