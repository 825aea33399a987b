/// One channel's way from samples to blocks.
struct ChannelListener {
    private enum Way {
        case speech(VoiceActivity, BlockCutter)
        case everything(LoudnessCutter)
    }

    private var way: Way
    /// The place in the file, in samples, before which nothing is heard, and that before which nothing is cut.
    private let (hearing, cutting): (Int, Int)
    /// Probabilities that are only there to fill the network's memory.
    private var ignored: Int

    /// A listener whose blocks begin with `window` or later, counted from `origin`, the place in the file in samples.
    ///
    /// If it `listens`, there is only speech in the blocks, otherwise everything.
    init(rules: BlockCutter.Rules, listens: Bool, channel: Int, origin: Int, from window: Int) {
        guard listens else {
            way = .everything(LoudnessCutter(rules: rules, channel: channel, origin: origin, from: window))
            hearing = origin + window * VoiceActivity.window
            cutting = hearing
            ignored = 0
            return
        }
        let cutter = BlockCutter(rules: rules, channel: channel, origin: origin, from: window)
        let first = VoiceActivity.start(for: cutter.first)
        way = .speech(VoiceActivity(at: first), cutter)
        hearing = origin + first * VoiceActivity.window
        cutting = origin + cutter.first * VoiceActivity.window
        ignored = cutter.first - first
    }

    /// A place in the file, in samples: every block that begins before it was returned.
    var settled: Int {
        switch way {
        case .speech(_, let cutter): cutter.settled
        case .everything(let cutter): cutter.settled
        }
    }

    /// Hears the samples at a place in the file and returns the blocks that they complete.
    mutating func hear(_ samples: [Float], at start: Int) async throws -> [Block] {
        guard start + samples.count > hearing else { return [] }
        let heard = samples.from(hearing - start)
        let cut = samples.from(cutting - start)
        switch way {
        case .everything(var cutter):
            defer { way = .everything(cutter) }
            return cutter.append(cut)
        case .speech(let activity, var cutter):
            let probabilities = try await activity.probabilities(of: heard)
            defer { way = .speech(activity, cutter) }
            return cutter.append(samples: cut, probabilities: relevant(probabilities))
        }
    }

    /// Returns what is left at the end of the sound.
    mutating func finish() async throws -> [Block] {
        switch way {
        case .everything(var cutter):
            defer { way = .everything(cutter) }
            return cutter.finish()
        case .speech(let activity, var cutter):
            let probabilities = try await activity.finish()
            defer { way = .speech(activity, cutter) }
            return cutter.append(samples: [], probabilities: relevant(probabilities)) + cutter.finish()
        }
    }

    private mutating func relevant(_ probabilities: [Float]) -> [Float] {
        let relevant = Array(probabilities.dropFirst(ignored))
        ignored -= probabilities.count - relevant.count
        return relevant
    }
}

extension [Float] {
    /// The elements from an index on, which may lie outside.
    fileprivate func from(_ index: Int) -> [Float] {
        index <= 0 ? self : Array(dropFirst(index))
    }
}
