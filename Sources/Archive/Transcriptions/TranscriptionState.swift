/// Where a transcription stands.
package enum TranscriptionState: String, Sendable, CaseIterable {
    case pending, processing, paused, completed, failed, cancelled

    /// Whether nothing more will happen unless someone asks for it anew.
    package var isFinal: Bool {
        switch self {
        case .pending, .processing, .paused: false
        case .completed, .failed, .cancelled: true
        }
    }
}
