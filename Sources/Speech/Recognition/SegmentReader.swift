import CWhisper

/// Reads the engine's segments, joining characters that it split between tokens or segments.
struct SegmentReader {
    private let probe: LanguageProbe
    private let duration: Int
    private var characters = SegmentText()
    private var earliest = 0

    /// A reader at the first segment of a block of `duration` milliseconds.
    init(probe: LanguageProbe, duration: Int) {
        self.probe = probe
        self.duration = duration
    }

    /// Reads the engine's segment with this number; they must be read in order.
    mutating func read(_ index: Int) -> DecodedSegment {
        let (state, number) = (probe.state, Int32(index))
        let start = clamped(whisper_full_get_segment_t0_from_state(state, number), from: earliest)
        let end = clamped(whisper_full_get_segment_t1_from_state(state, number), from: start)
        earliest = start
        let count = whisper_full_n_tokens_from_state(state, number)
        let textEnd = whisper_token_eot(probe.model.context)
        var tokens: [DecodedToken] = []
        for place in 0..<count {
            let data = whisper_full_get_token_data_from_state(state, number, place)
            guard data.id < textEnd, let text = whisper_full_get_token_text_from_state(probe.model.context, state, number, place) else {
                continue
            }
            tokens.append(token(data, text: text))
        }
        return DecodedSegment(start: start, end: end, tokens: tokens)
    }

    private mutating func token(_ data: whisper_token_data, text: UnsafePointer<CChar>) -> DecodedToken {
        let bytes = sequence(first: text) { $0 + 1 }.lazy.map { UInt8(bitPattern: $0.pointee) }.prefix { $0 != 0 }
        return DecodedToken(
            text: characters.append(bytes),
            probability: Double(data.p),
            logProbability: Double(data.plog),
            attended: data.t_dtw < 0 ? nil : min(max(0, Int(data.t_dtw) * 10), duration)
        )
    }

    /// A time in hundredths of a second as milliseconds inside the block, not before `earliest`.
    private func clamped(_ time: Int64, from earliest: Int) -> Int {
        max(earliest, min(Int(time) * 10, duration))
    }
}
