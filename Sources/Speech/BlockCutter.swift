/// Cuts a stream of samples into blocks at its silences; what no one speaks in is in no block.
///
/// Speech is in exactly one block, blocks are in order, none is longer than the limit, and how the stream was portioned makes no
/// difference to them.
package struct BlockCutter: Sendable {
    /// What blocks should be like, all times in seconds.
    package struct Rules: Sendable, Hashable {
        /// From this length on, a block ends at the next pause.
        package var target = 20.0

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
    }

    /// A block that is being collected, its places counted in windows.
    private struct Draft {
        let start: Int
        let speechEnd: Int
    }

    private let thresholds: (speech: Float, silence: Float)
    private let target, limit, pause, silence, margin, minimumSpeech: Int

    /// Everything that may still be needed, beginning with window `base`; `isSpeech` has an entry for each window that was looked at.
    private var samples: [Float] = []
    private var probabilities: [Float] = []
    private var isSpeech: [Bool] = []
    private var base = 0

    private var draft: Draft?
    private var lastEnd = 0
    private var speaking = false

    /// A cutter at the beginning of a file.
    package init(rules: Rules = Rules()) {
        func windows(_ seconds: Double) -> Int { Int((seconds * 16_000 / Double(VoiceActivity.window)).rounded(.down)) }
        thresholds = (rules.speechThreshold, rules.silenceThreshold)
        target = windows(rules.target)
        limit = max(4, windows(rules.limit))
        pause = max(2, windows(rules.pause))
        silence = max(pause, windows(rules.silence))
        margin = windows(rules.margin)
        minimumSpeech = max(1, windows(rules.minimumSpeech))
    }

    /// Whether a block has begun that is not complete yet.
    package var isCollecting: Bool { draft != nil }

    /// Adds sound and the probabilities of speech in its windows, which may come later than their samples, and returns what is complete.
    package mutating func append(samples: [Float], probabilities: [Float]) -> [Block] {
        self.samples += samples
        self.probabilities += probabilities
        return advance()
    }

    /// Returns what is left at the end of the file.
    package mutating func finish() -> [Block] {
        var blocks = advance()
        if let draft { close(draft, at: min(draft.speechEnd + margin, scanned), into: &blocks) }
        return blocks
    }

    /// The number of windows that were looked at.
    private var scanned: Int { base + isSpeech.count }

    private mutating func advance() -> [Block] {
        var blocks: [Block] = []
        while isSpeech.count < probabilities.count {
            look(at: probabilities[isSpeech.count])
            guard let draft else { continue }
            let quiet = scanned - draft.speechEnd
            let length = scanned - draft.start
            if quiet >= silence {
                close(draft, at: draft.speechEnd + margin, into: &blocks)
            } else if length >= target, quiet >= pause {
                close(draft, at: draft.speechEnd + min(margin, quiet / 2), into: &blocks)
            } else if length >= limit {
                cut(draft, into: &blocks)
            }
        }
        dropSilence()
        return blocks
    }

    private mutating func look(at probability: Float) {
        speaking = probability >= (speaking ? thresholds.silence : thresholds.speech)
        isSpeech.append(speaking)
        guard speaking else { return }
        let start = draft?.start ?? max(lastEnd, scanned - 1 - margin)
        draft = Draft(start: start, speechEnd: scanned)
    }

    private mutating func close(_ draft: Draft, at end: Int, into blocks: inout [Block]) {
        let windows = draft.start - base..<end - base
        if isSpeech[windows].count(where: \.self) >= minimumSpeech {
            let range = windows.lowerBound * VoiceActivity.window..<min(windows.upperBound * VoiceActivity.window, samples.count)
            blocks.append(Block(start: draft.start * VoiceActivity.window, samples: Array(samples[range])))
        }
        lastEnd = end
        self.draft = nil
    }

    /// Ends a block that has become too long at the best place in its later part, and looks again at what comes after it.
    private mutating func cut(_ draft: Draft, into blocks: inout [Block]) {
        // What is left must be long enough not to be taken for noise when it is looked at by itself.
        let rest = min(limit / 4, pause + minimumSpeech)
        let end = bestCut(in: draft.start + limit / 2..<draft.start + limit - rest)
        close(draft, at: end, into: &blocks)
        speaking = isSpeech[end - 1 - base]
        isSpeech.removeSubrange((end - base)...)
    }

    /// The middle of the longest silence in a range of windows, or else where speech is least likely.
    private func bestCut(in range: Range<Int>) -> Int {
        var longest = range.lowerBound..<range.lowerBound
        var start = range.lowerBound
        for window in range {
            if isSpeech[window - base] {
                start = window + 1
            } else if window + 1 - start >= longest.count {
                longest = start..<window + 1
            }
        }
        if !longest.isEmpty { return longest.lowerBound + longest.count / 2 }
        func probability(around window: Int) -> Float { probabilities[window - 1 - base] + probabilities[window - base] }
        return range.reversed().min { probability(around: $0) < probability(around: $1) } ?? range.lowerBound
    }

    /// Forgets sound that no block can begin with any more.
    private mutating func dropSilence() {
        let needed = draft?.start ?? max(lastEnd, scanned - margin)
        let windows = min(max(0, needed - base), isSpeech.count)
        guard windows > 0 else { return }
        samples.removeFirst(min(windows * VoiceActivity.window, samples.count))
        probabilities.removeFirst(windows)
        isSpeech.removeFirst(windows)
        base += windows
    }
}
