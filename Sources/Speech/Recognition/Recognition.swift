import CWhisper
import Transcripts

/// A block while the engine works on it: what the engine's callbacks read and write.
///
/// The engine works in windows: of each it makes features ("encodes"), and from them writes text, if need be several times.
struct Recognition {
    /// One stretch of sound that the engine wrote text for.
    struct Window {
        /// The probability, 0 to 1, that nobody speaks in it.
        var noSpeech: Double?

        /// How many times its text was begun; from the second time on with dice.
        var attempts = 0

        /// The number of segments before its own.
        let firstSegment: Int
    }

    private(set) var windows: [Window] = []

    /// What the first window says about the language; nil until it is encoded.
    private(set) var languages: LanguageProbabilities?

    /// Whether the engine was stopped because the block is in another language than it was told.
    private(set) var isOtherLanguage = false

    /// How much of the block the engine has behind it when a window begins.
    var percent = 0

    private var isEncoding = false
    private var announced = 0
    private let ear: EngineEar
    private let frames: Int
    private let accepts: (LanguageProbabilities) -> Bool
    private let onSegments: (Range<Int>) -> Void

    /// - Parameters:
    ///   - frames: The block's length in hundredths of a second.
    ///   - accepts: Whether to go on with a block of these languages.
    ///   - onSegments: Called with the numbers of the engine's newest segments.
    init(
        ear: EngineEar,
        frames: Int,
        accepts: @escaping (LanguageProbabilities) -> Bool,
        onSegments: @escaping (Range<Int>) -> Void
    ) {
        self.ear = ear
        self.frames = frames
        self.accepts = accepts
        self.onSegments = onSegments
    }

    /// Whether dice were thrown.
    var usedChance: Bool { windows.contains { $0.attempts > 1 } }

    /// Notes that the engine begins with a new window; false to make it end before that.
    mutating func beginWindow() -> Bool {
        // Models invent text for the last splinter of a block, and the engine's timing by attention fails on less than 16 frames.
        if !windows.isEmpty, frames * (99 - percent) / 100 < Self.shortestRest { return false }
        windows.append(Window(firstSegment: ear.segmentCount))
        isEncoding = true
        return true
    }

    /// Looks at a window between its encoding and its text; true to stop the engine.
    mutating func endsAfterStep() -> Bool {
        guard isEncoding else { return false }
        isEncoding = false
        let found = ear.listen()
        windows[windows.count - 1].noSpeech = found?.noSpeech
        guard windows.count == 1, let found else { return false }
        languages = found
        isOtherLanguage = !accepts(found)
        return isOtherLanguage
    }

    /// Notes that the engine begins to write a window's text, and forbids what its timing by attention can't bear.
    mutating func filter(_ logits: UnsafeMutablePointer<Float>, after count: Int) {
        if count == 0 {
            windows[windows.count - 1].attempts += 1
        } else if ear.isAttentive {
            // No sentence ends that soon.
            for token in ear.earliestTimes { logits[token] = -.infinity }
        }
    }

    /// Hands on the segments that are new.
    mutating func announce() {
        let count = ear.segmentCount
        guard count > announced else { return }
        onSegments(announced..<count)
        announced = count
    }

    /// What is left of a block is not looked at any more when it is shorter, in hundredths of a second.
    private static let shortestRest = 16
}
