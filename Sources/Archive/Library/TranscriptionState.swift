/// The state of a transcription.
package enum TranscriptionState: String, Sendable, CaseIterable {
    case pending, processing, paused, completed, failed, cancelled

    /// Whether it has ended; only a retry changes that.
    package var isFinal: Bool {
        switch self {
        case .pending, .processing, .paused: false
        case .completed, .failed, .cancelled: true
        }
    }
}
