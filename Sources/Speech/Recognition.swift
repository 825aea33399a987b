import CWhisper
import Transcripts

/// The language that was found in a block of sound.
package struct SpokenLanguage: Sendable, Hashable {
    /// The language's code, "en".
    package let code: String

    /// How sure the model is, 0…1.
    package let probability: Double
}

/// What was recognized in one block of sound.
package struct RecognizedBlock: Sendable, Hashable {
    /// The language of the block, as asked for or as found.
    package let language: String

    /// How sure the model is of the language, 0…1; nil if it was asked for.
    package let languageProbability: Double?

    /// What was said, timed from the block's start.
    package let segments: [Segment]
}

/// A block while the engine works on it: what the engine's callbacks read and write.
struct Recognition {
    private(set) var segments: [Segment] = []
    private(set) var usedChance = false
    private var attempts = 0
    private var text = SegmentText()
    private let duration: Timestamp
    private let onSegment: (Segment) -> Void

    init(duration: Timestamp, onSegment: @escaping (Segment) -> Void) {
        self.duration = duration
        self.onSegment = onSegment
    }

    /// Notes that the engine begins with a new window.
    mutating func beginWindow() {
        attempts = 0
    }

    /// Notes that the engine begins to write a window's text; from the second time on it does so with dice.
    mutating func beginAttempt() {
        attempts += 1
        usedChance = usedChance || attempts > 1
    }

    /// Takes over the newest `count` segments.
    mutating func take(_ count: Int, from state: OpaquePointer, context: OpaquePointer) {
        let total = Int(whisper_full_n_segments_from_state(state))
        for index in max(0, total - count)..<total {
            guard let segment = segment(Int32(index), of: state, context: context) else { continue }
            segments.append(segment)
            onSegment(segment)
        }
    }

    private mutating func segment(_ index: Int32, of state: OpaquePointer, context: OpaquePointer) -> Segment? {
        guard let pointer = whisper_full_get_segment_text_from_state(state, index) else { return nil }
        let bytes = sequence(first: pointer) { $0 + 1 }.lazy.map { UInt8(bitPattern: $0.pointee) }.prefix { $0 != 0 }
        guard let spoken = SegmentText.spoken(text.append(bytes)) else { return nil }
        let start = clamped(whisper_full_get_segment_t0_from_state(state, index), from: segments.last?.start ?? .zero)
        let end = clamped(whisper_full_get_segment_t1_from_state(state, index), from: start)
        return Segment(
            start: start,
            end: end,
            text: spoken,
            averageLogProbability: averageLogProbability(index, of: state, context: context)
        )
    }

    /// A time in hundredths of a second, kept inside the block and not before `earliest`.
    private func clamped(_ time: Int64, from earliest: Timestamp) -> Timestamp {
        max(earliest, min(Timestamp(milliseconds: Int(time) * 10), duration))
    }

    private func averageLogProbability(_ index: Int32, of state: OpaquePointer, context: OpaquePointer) -> Double? {
        let textEnd = whisper_token_eot(context)
        let tokens = (0..<whisper_full_n_tokens_from_state(state, index))
            .map { whisper_full_get_token_data_from_state(state, index, $0) }
            .filter { $0.id < textEnd }
        guard !tokens.isEmpty else { return nil }
        return tokens.reduce(0) { $0 + Double($1.plog) } / Double(tokens.count)
    }
}
