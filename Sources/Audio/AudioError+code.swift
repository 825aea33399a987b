extension AudioError {
    /// One of a bounded set of words, for programs and the database.
    package var code: String {
        switch self {
        case .empty: "empty_file"
        case .unreadable: "unreadable_audio"
        case .noAudio: "no_audio"
        case .tooLong: "recording_too_long"
        case .toolMissing: "tool_missing"
        case .timedOut: "timed_out"
        }
    }
}
