/// Cuts the samples of one channel into blocks.
struct ChannelCutter {
    private enum Method {
        case speech(VoiceActivity, BlockCutter)
        case everything(LoudnessCutter)
    }

    private var method: Method
    /// The sample from which on speech is sought, and that from which on blocks are cut.
    private let (seeking, cutting): (Int, Int)
    /// How many probabilities of the network's warm-up are still to be ignored.
    private var ignored: Int

    /// - Parameters:
    ///   - findsSpeech: Whether blocks hold speech alone, or all sound.
    ///   - origin: The sample of the file with which window 0 begins.
    ///   - window: The first window that a block may begin with.
    init(rules: BlockCutter.Rules, findsSpeech: Bool, channel: Int, origin: Int, from window: Int) {
        guard findsSpeech else {
            method = .everything(LoudnessCutter(rules: rules, channel: channel, origin: origin, from: window))
            seeking = origin + window * VoiceActivity.window
            cutting = seeking
            ignored = 0
            return
        }
        let cutter = BlockCutter(rules: rules, channel: channel, origin: origin, from: window)
        let first = VoiceActivity.start(for: cutter.first)
        method = .speech(VoiceActivity(at: first), cutter)
        seeking = origin + first * VoiceActivity.window
        cutting = origin + cutter.first * VoiceActivity.window
        ignored = cutter.first - first
    }

    /// The sample before which every block that begins was returned.
    var settled: Int {
        switch method {
        case .speech(_, let cutter): cutter.settled
        case .everything(let cutter): cutter.settled
        }
    }

    /// Adds the samples from a number in the file on, and returns the blocks that they complete.
    mutating func add(_ samples: [Float], at start: Int) async throws -> [Block] {
        guard start + samples.count > seeking else { return [] }
        let sought = samples.from(seeking - start)
        let cut = samples.from(cutting - start)
        switch method {
        case .everything(var cutter):
            defer { method = .everything(cutter) }
            return cutter.append(cut)
        case .speech(let activity, var cutter):
            let probabilities = try await activity.probabilities(of: sought)
            defer { method = .speech(activity, cutter) }
            return cutter.append(samples: cut, probabilities: relevant(probabilities))
        }
    }

    /// Returns the rest at the end of the sound.
    mutating func finish() async throws -> [Block] {
        switch method {
        case .everything(var cutter):
            defer { method = .everything(cutter) }
            return cutter.finish()
        case .speech(let activity, var cutter):
            let probabilities = try await activity.finish()
            defer { method = .speech(activity, cutter) }
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
    /// The elements from an index on, which may be out of bounds.
    fileprivate func from(_ index: Int) -> [Float] {
        index <= 0 ? self : Array(dropFirst(index))
    }
}
