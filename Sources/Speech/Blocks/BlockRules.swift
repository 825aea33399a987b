import Basics
import Transcripts

extension BlockCutter {
    /// What blocks should be like, all times in seconds.
    ///
    /// Measured with the demo model on 10 minutes (917 words; processor time, word error rate), the limit at most 28: target 8: 53 s,
    /// 2.4 %; 12: 51 s, 2.1 %; 16: 42 s, 2.2 %; 20: 45 s, 3.9 %; 24: 33 s, 2.5 %; 27: 35 s, 2.9 %. The engine works as long on a short
    /// block as on one of 30 s, so long ones cost least; one run each does not tell the rates apart. Silences of up to 4 s instead of 2
    /// inside of blocks gave 7.1 % at a target of 24.
    package struct Rules: Sendable, Hashable {
        /// From this length on, a block ends at the next pause.
        package var target = 24.0

        /// No block is longer; if no pause came in time, it is cut at the best place before.
        package var limit = 28.0

        /// The shortest silence that counts as a pause between sentences.
        package var pause = 0.4

        /// A silence of this length ends a block of any length.
        package var silence = 2.0

        /// How much of the silence around speech stays with it.
        package var margin = 0.2

        /// The probability from which on a window is taken for speech.
        package var speechThreshold: Float = 0.5

        /// The probability below which speech is taken to have ended.
        package var silenceThreshold: Float = 0.35

        /// A block with less speech than this is taken for noise.
        package var minimumSpeech = 0.096

        /// The rules that recognition was tuned with.
        package init() {}

        /// These rules with what a user wants otherwise.
        package func adapted(to options: VoiceActivityOptions) -> Self {
            var rules = self
            rules.speechThreshold = Float(options.threshold)
            rules.silenceThreshold = max(0.01, Float(options.threshold) - 0.15)
            rules.pause = options.minimumSilence
            rules.minimumSpeech = options.minimumSpeech
            rules.margin = options.margin
            return rules
        }
    }
}

/// The rules counted in windows, and so that they make sense together, whatever a user asked for.
struct WindowRules: Sendable {
    let speechThreshold, silenceThreshold: Float
    let target, limit, pause, silence, margin, minimumSpeech: Int

    init(_ rules: BlockCutter.Rules) {
        func windows(_ seconds: Double) -> Int {
            // Also what is no number at all has to become one.
            let seconds = seconds > 0 ? min(seconds, 3600) : 0
            return Int(clamping: (seconds * 16_000 / Double(VoiceActivity.window)).rounded(.down))
        }
        speechThreshold = rules.speechThreshold.isNaN ? 0.5 : rules.speechThreshold
        silenceThreshold = min(speechThreshold, rules.silenceThreshold)
        limit = max(12, windows(rules.limit))
        target = min(limit, windows(rules.target))
        pause = min(max(2, windows(rules.pause)), limit / 4)
        silence = max(pause, windows(rules.silence))
        margin = min(windows(rules.margin), limit / 4)
        minimumSpeech = min(max(1, windows(rules.minimumSpeech)), limit / 4)
    }
}
