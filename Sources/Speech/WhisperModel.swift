import CWhisper
import Dispatch
import SystemPackage

/// The weights of one model, shared by every recognizer.
///
/// Unchecked because the compiler cannot see that the engine only reads the weights once they are loaded.
package final class WhisperModel: @unchecked Sendable {
    /// Whether the model knows languages other than English.
    package let isMultilingual: Bool

    let context: OpaquePointer

    /// Loads a model file in ggml's format, on a thread of its own; throws `SpeechError.modelUnreadable` if it is none or is cut off.
    package static func load(path: FilePath) async throws -> WhisperModel {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue(label: "earshot.model").async {
                continuation.resume(with: Result { try WhisperModel(path: path) })
            }
        }
    }

    private init(path: FilePath) throws(SpeechError) {
        _ = EngineLog.isRedirected
        guard let size = Self.sizeOfModel(at: path) else { throw .modelUnreadable(path: path.string) }
        let parameters = whisper_context_default_params()
        guard let context = whisper_init_from_file_with_params_no_state(path.string, parameters) else {
            throw .modelUnreadable(path: path.string)
        }
        self.context = context
        isMultilingual = whisper_is_multilingual(context) != 0
        // The engine takes a file that ends after its vocabulary for a model; no real one is smaller than a quarter of its embedding.
        let embedding = Int64(whisper_model_n_text_state(context)) * Int64(whisper_model_n_vocab(context))
        guard size > embedding / 4 else { throw .modelUnreadable(path: path.string) }
    }

    deinit {
        whisper_free(context)
    }

    /// The size in bytes of a file that begins like a model; nil if it doesn't, because the engine trusts what it reads.
    private static func sizeOfModel(at path: FilePath) -> Int64? {
        guard let file = try? FileDescriptor.open(path, .readOnly, options: [.nonBlocking, .closeOnExec]) else { return nil }
        defer { try? file.close() }
        let magic = withUnsafeTemporaryAllocation(byteCount: 4, alignment: 4) { buffer -> UInt32? in
            guard (try? file.read(into: buffer)) == 4 else { return nil }
            return buffer.loadUnaligned(as: UInt32.self)
        }
        guard magic.map(UInt32.init(littleEndian:)) == UInt32(GGML_FILE_MAGIC) else { return nil }
        return try? file.seek(offset: 0, from: .end)
    }
}
