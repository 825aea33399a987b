import Basics

/// The rules in windows, limited so that they are consistent whatever a user asked for.
struct WindowRules: Sendable {
    let speechThreshold, silenceThreshold: Float
    let target, limit, pause, silence, margin, minimumSpeech: Int

    init(_ rules: BlockCutter.Rules) {
        func windows(_ seconds: Double) -> Int {
            // NaN becomes 0.
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
