import CWhisper
import Transcripts

/// The state of a recognition that the engine's callbacks read and write.
///
/// The engine works in windows: it encodes each of them, and decodes it to text, if need be several times.
struct Recognition {
    /// One stretch of sound that the engine decoded.
    struct Window {
        /// The probability, 0 to 1, that it holds no speech.
        var noSpeech: Double?

        /// How many times its decoding was started; from the second time on it samples.
        var attempts = 0

        /// The number of segments before its own.
        let firstSegment: Int
    }

    private(set) var windows: [Window] = []

    /// The language probabilities of the first window; nil until it is encoded.
    private(set) var languages: LanguageProbabilities?

    /// Whether the engine was stopped because the block is in another language than the chosen one.
    private(set) var isOtherLanguage = false

    /// How much of the block was processed when a window begins.
    var percent = 0

    private var isEncoding = false
    private let probe: LanguageProbe
    private let frames: Int
    private let accepts: (LanguageProbabilities) -> Bool

    /// - Parameters:
    ///   - frames: The block's length in hundredths of a second.
    ///   - accepts: Whether to continue with a block of these languages.
    init(probe: LanguageProbe, frames: Int, accepts: @escaping (LanguageProbabilities) -> Bool) {
        self.probe = probe
        self.frames = frames
        self.accepts = accepts
    }

    /// Whether text was sampled.
    var usedChance: Bool { windows.contains { $0.attempts > 1 } }

    /// Records that the engine begins a new window; false to make it end before that.
    mutating func beginWindow() -> Bool {
        // Models invent text for the last splinter of a block, and the engine's timing by attention fails on less than 16 frames.
        if !windows.isEmpty, frames * (99 - percent) / 100 < Self.shortestRest { return false }
        windows.append(Window(firstSegment: probe.segmentCount))
        isEncoding = true
        return true
    }

    /// Probes a window between its encoding and its decoding; true to stop the engine.
    mutating func endsAfterStep() -> Bool {
        guard isEncoding else { return false }
        isEncoding = false
        let found = probe.languageProbabilities()
        windows[windows.count - 1].noSpeech = found?.noSpeech
        guard windows.count == 1, let found else { return false }
        languages = found
        isOtherLanguage = !accepts(found)
        return isOtherLanguage
    }

    /// Records that the engine begins to decode a window, and suppresses the times that break its timing by attention.
    mutating func filter(_ logits: UnsafeMutablePointer<Float>, after count: Int) {
        if count == 0 {
            windows[windows.count - 1].attempts += 1
        } else if probe.isAttentive {
            // No sentence ends this early.
            for token in probe.earliestTimes { logits[token] = -.infinity }
        }
    }

    /// A rest of a block that is shorter is skipped; in hundredths of a second.
    private static let shortestRest = 16
}
