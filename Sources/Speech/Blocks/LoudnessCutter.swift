/// Cuts a stream of samples into blocks that together hold all of it, each at the quietest place within the limit.
///
/// For transcriptions without voice activity. The blocks do not depend on the portions of the stream, and a cutter that begins at a
/// block's end returns exactly the rest.
package struct LoudnessCutter: Sendable {
    /// Windows over which loudness is averaged, a fifth of a second: longer than the closure of a "t", which is not a pause.
    private static let smoothing = 7

    /// Windows that a block leaves of the limit, so that the rest at the end of a file is long enough for a word.
    private static let rest = 31

    private let rules: WindowRules
    private let origin: Int
    private let channel: Int

    private var samples: [Float] = []
    private var energies: [Float] = []
    private var start: Int

    /// A cutter of one channel; the parameters are those of `BlockCutter`.
    package init(rules: BlockCutter.Rules = BlockCutter.Rules(), channel: Int = 0, origin: Int = 0, from window: Int = 0) {
        self.rules = WindowRules(rules)
        self.channel = channel
        self.origin = origin
        start = max(0, window)
    }

    /// The sample before which every block that begins was returned, and with whose window a cutter may resume.
    package var settled: Int { origin + start * VoiceActivity.window }

    /// Adds sound and returns the completed blocks.
    package mutating func append(_ samples: [Float]) -> [Block] {
        self.samples += samples
        var blocks: [Block] = []
        while measureNextWindow() {
            guard energies.count == rules.limit else { continue }
            close(after: quietest(), into: &blocks)
        }
        return blocks
    }

    /// Returns the rest at the end of the file.
    package mutating func finish() -> [Block] {
        guard !samples.isEmpty else { return [] }
        defer { (samples, energies) = ([], []) }
        return [Block(channel: channel, start: settled, samples: samples)]
    }

    private mutating func measureNextWindow() -> Bool {
        let first = energies.count * VoiceActivity.window
        guard samples.count >= first + VoiceActivity.window else { return false }
        energies.append(samples[first..<first + VoiceActivity.window].reduce(0) { $0 + $1 * $1 })
        return true
    }

    private mutating func close(after windows: Int, into blocks: inout [Block]) {
        let count = windows * VoiceActivity.window
        blocks.append(Block(channel: channel, start: settled, samples: Array(samples[..<count])))
        samples.removeFirst(count)
        // The sound after the block is measured again, as if it were the beginning.
        energies = []
        start += windows
    }

    /// The number of windows to the middle of the quietest stretch in the later half, or of that nearest to the target of several.
    private func quietest() -> Int {
        let half = Self.smoothing / 2
        func loudness(at window: Int) -> Float { energies[window - half...min(window + half, energies.count - 1)].reduce(0, +) }
        let places = max(half, rules.limit / 2)..<max(half + 1, rules.limit - min(Self.rest, rules.limit / 4))
        let best = places.min { left, right in
            let (quiet, other) = (loudness(at: left), loudness(at: right))
            return quiet == other ? abs(left - rules.target) < abs(right - rules.target) : quiet < other
        }
        return max(1, best ?? rules.limit)
    }
}
