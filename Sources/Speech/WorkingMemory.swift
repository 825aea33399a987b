import CWhisper

/// The memory that one transcription at a time works in, hundreds of megabytes for a large model.
struct WorkingMemory: ~Copyable {
    let state: OpaquePointer

    init(for model: WhisperModel) throws(SpeechError) {
        guard let state = whisper_init_state(model.context) else { throw .memoryUnavailable }
        self.state = state
    }

    /// Lets go of memory that the engine has already freed itself.
    consuming func forget() {
        discard self
    }

    deinit {
        whisper_free_state(state)
    }
}
