import Transcripts

/// Cuts a stream of samples into blocks at its silences; sound without speech is in no block.
///
/// Speech is in exactly one block, blocks are in order, none is longer than the limit, and they do not depend on the portions of the
/// stream. After a block's end, and where it is `settled`, the cutter's state depends only on the sound from there on and the window
/// before: a cutter that begins there returns exactly the rest.
package struct BlockCutter: Sendable {
    /// How blocks are cut; all times are in seconds.
    ///
    /// Measured with the demo model on 10 minutes (917 words; processor time, word error rate), the limit at most 28: target 8: 53 s,
    /// 2.4 %; 12: 51 s, 2.1 %; 16: 42 s, 2.2 %; 20: 45 s, 3.9 %; 24: 33 s, 2.5 %; 27: 35 s, 2.9 %. The engine takes as long for a short
    /// block as for one of 30 s, so long ones cost least; the error rates of one run each hardly differ. Silences of up to 4 s instead of 2
    /// inside of blocks gave 7.1 % at a target of 24.
    package struct Rules: Sendable, Hashable {
        /// At this length a block ends with the next pause.
        package var target = 24.0

        /// No block is longer; without a pause it is cut at the best place before.
        package var limit = 28.0

        /// The shortest pause between sentences.
        package var pause = 0.4

        /// A silence of this length ends a block of any length.
        package var silence = 2.0

        /// How much of the silence around speech stays with it.
        package var margin = 0.2

        /// The probability at which speech begins.
        package var speechThreshold: Float = 0.5

        /// The probability below which speech ends.
        package var silenceThreshold: Float = 0.35

        /// A block with less speech is dropped as noise.
        package var minimumSpeech = 0.096

        package init() {}

        /// These rules with a user's options.
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

    /// A block that is being collected, in windows.
    private struct Draft {
        let start: Int
        let speechEnd: Int
    }

    private let rules: WindowRules
    private let origin: Int
    private let channel: Int

    /// The sound that may still be needed, beginning with window `base`; `isSpeech` has an entry for each examined window.
    private var samples: [Float] = []
    private var probabilities: [Float] = []
    private var isSpeech: [Bool] = []
    private var base: Int

    private var draft: Draft?
    private var lastEnd: Int
    private var settledWindow: Int
    private var speaking = false

    /// A cutter of one channel of a file.
    ///
    /// - Parameters:
    ///   - origin: The sample of the file with which window 0 begins.
    ///   - window: The first window that a block may begin with; if it is not 0, the first sound to append is that of the window before.
    package init(rules: Rules = Rules(), channel: Int = 0, origin: Int = 0, from window: Int = 0) {
        self.rules = WindowRules(rules)
        self.channel = channel
        self.origin = origin
        base = max(0, window - 1)
        lastEnd = max(0, window)
        settledWindow = lastEnd
    }

    /// The window with which the sound to append begins.
    var first: Int { base }

    /// The sample before which every block that begins was returned, and with whose window a cutter may resume.
    package var settled: Int { origin + settledWindow * VoiceActivity.window }

    /// Adds sound and the speech probabilities of its windows, which may come later than their samples; returns the completed blocks.
    package mutating func append(samples: [Float], probabilities: [Float]) -> [Block] {
        self.samples += samples
        self.probabilities += probabilities
        return advance()
    }

    /// Returns the rest at the end of the file.
    package mutating func finish() -> [Block] {
        var blocks = advance()
        while let draft {
            close(draft, at: quietEnd(of: draft, within: scanned - draft.speechEnd), into: &blocks)
            blocks += advance()
        }
        return blocks
    }

    /// The number of windows that were examined.
    private var scanned: Int { base + isSpeech.count }

    private mutating func advance() -> [Block] {
        var blocks: [Block] = []
        while isSpeech.count < probabilities.count {
            examine(probabilities[isSpeech.count])
            guard let draft else {
                settle(max(lastEnd, scanned - rules.margin))
                continue
            }
            let quiet = scanned - draft.speechEnd
            let length = scanned - draft.start
            if quiet >= rules.silence {
                close(draft, at: quietEnd(of: draft, within: quiet), into: &blocks)
            } else if length >= rules.target, quiet >= rules.pause {
                close(draft, at: quietEnd(of: draft, within: quiet / 2), into: &blocks)
            } else if length >= rules.limit {
                close(draft, at: bestCut(of: draft), into: &blocks)
            }
        }
        dropSilence()
        return blocks
    }

    private mutating func examine(_ probability: Float) {
        let isBefore = scanned < lastEnd
        speaking = probability >= (speaking || isBefore ? rules.silenceThreshold : rules.speechThreshold)
        isSpeech.append(speaking && !isBefore)
        guard speaking, !isBefore else { return }
        let start = draft?.start ?? max(lastEnd, scanned - 1 - rules.margin)
        draft = Draft(start: start, speechEnd: scanned)
    }

    private mutating func settle(_ window: Int) {
        if window == lastEnd || probabilities[window - 1 - base] < rules.silenceThreshold { settledWindow = max(settledWindow, window) }
    }

    /// Ends a block, and discards what was found after it, so that the following blocks do not depend on the ones before.
    private mutating func close(_ draft: Draft, at end: Int, into blocks: inout [Block]) {
        let windows = draft.start - base..<end - base
        let spoken = isSpeech[windows].count(where: \.self)
        if spoken >= rules.minimumSpeech {
            let range = windows.lowerBound * VoiceActivity.window..<min(windows.upperBound * VoiceActivity.window, samples.count)
            blocks.append(
                Block(
                    channel: channel,
                    start: origin + draft.start * VoiceActivity.window,
                    samples: Array(samples[range]),
                    speech: Double(spoken * VoiceActivity.window) / 16_000
                )
            )
        }
        isSpeech.removeSubrange((end - base)...)
        speaking = probabilities[end - 1 - base] >= rules.silenceThreshold
        lastEnd = end
        settledWindow = end
        self.draft = nil
    }

    /// Where a block ends that is followed by `quiet` quiet windows: after the margin, but with a window that is certainly silent.
    private func quietEnd(of draft: Draft, within quiet: Int) -> Int {
        let end = draft.speechEnd + min(rules.margin, quiet)
        let silent = (draft.speechEnd..<end).last { probabilities[$0 - base] < rules.silenceThreshold }
        return silent.map { $0 + 1 } ?? end
    }

    /// Where a block ends that has become too long: in the middle of the longest silence of its later part, or else where speech is
    /// least likely.
    private func bestCut(of draft: Draft) -> Int {
        // The rest must be long enough not to be removed as noise by itself.
        let rest = min(rules.limit / 4, rules.pause + rules.minimumSpeech)
        let range = draft.start + rules.limit / 2..<draft.start + rules.limit - rest
        var longest = range.lowerBound..<range.lowerBound
        var start = range.lowerBound
        for window in range {
            if isSpeech[window - base] {
                start = window + 1
            } else if window + 1 - start >= longest.count {
                longest = start..<window + 1
            }
        }
        if !longest.isEmpty { return longest.lowerBound + max(1, longest.count / 2) }
        func probability(around window: Int) -> Float { probabilities[window - 1 - base] + probabilities[window - base] }
        return range.reversed().min { probability(around: $0) < probability(around: $1) } ?? range.lowerBound
    }

    /// Drops sound that cannot be in a block any more.
    private mutating func dropSilence() {
        let needed = (draft?.start ?? max(lastEnd, scanned - rules.margin)) - 1
        let windows = min(max(0, needed - base), isSpeech.count)
        guard windows > 0 else { return }
        samples.removeFirst(min(windows * VoiceActivity.window, samples.count))
        probabilities.removeFirst(windows)
        isSpeech.removeFirst(windows)
        base += windows
    }
}
