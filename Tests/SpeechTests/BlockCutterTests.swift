import Speech
import Testing

@Suite("Cutting sound into blocks")
struct BlockCutterTests {
    @Test("blocks are in order, not too long, do not overlap, and hold all speech", arguments: 0..<24)
    func properties(seed: UInt64) {
        let sound = Sound(seed: seed)
        let blocks = sound.blocks(portion: 31)
        #expect(!blocks.isEmpty)
        for block in blocks {
            #expect(block.samples.count <= Sound.limit * 512)
            #expect(block.start % 512 == 0)
            #expect(block.samples.first == Float(block.start / 512))
            #expect(block.samples.last == Float((block.end - 1) / 512))
        }
        for (left, right) in zip(blocks, blocks.dropFirst()) {
            #expect(left.end <= right.start)
        }
        for run in sound.speech where run.count >= 3 {
            let covered = blocks.reduce(0) { $0 + run.clamped(to: $1.start / 512..<($1.end + 511) / 512).count }
            #expect(covered == run.count, "speech in windows \(run)")
        }
    }

    @Test("how the sound is portioned makes no difference", arguments: 100..<103)
    func portions(seed: UInt64) {
        let sound = Sound(seed: seed)
        let blocks = sound.blocks(portion: 31)
        for portion in [1, 2, 7, 300, 100_000] {
            #expect(sound.blocks(portion: portion) == blocks)
            #expect(sound.blocks(portion: portion, probabilitiesLate: true) == blocks)
        }
    }

    @Test("resuming from any settled place, or from a block's end, gives exactly the rest", arguments: 200..<224)
    func resume(seed: UInt64) {
        let sound = Sound(seed: seed)
        var cutter = BlockCutter(rules: Sound.rules)
        var (blocks, places) = ([Block](), Set<Int>())
        for window in sound.probabilities.indices {
            blocks += cutter.append(samples: sound.samples(window..<window + 1), probabilities: [sound.probabilities[window]])
            places.insert(cutter.settled)
            #expect(blocks.allSatisfy { $0.start < cutter.settled })
        }
        blocks += cutter.finish()
        places.formUnion(blocks.filter { $0.end % 512 == 0 }.map(\.end))
        for place in places {
            let rest = sound.blocks(portion: Int(seed % 5) + 1, from: place / 512)
            #expect(rest == blocks.filter { $0.start >= place }, "from window \(place / 512)")
        }
    }

    @Test("rules that make no sense give blocks all the same", arguments: [-1, 0, 0.001, 7, 1e300, .infinity, .nan])
    func oddRules(_ value: Double) {
        let sound = Sound(seed: 5)
        for path in [\BlockCutter.Rules.target, \.limit, \.pause, \.silence, \.margin, \.minimumSpeech] {
            var rules = Sound.rules
            rules[keyPath: path] = value
            let blocks = sound.blocks(portion: 31, rules: rules)
            for (left, right) in zip(blocks, blocks.dropFirst()) { #expect(left.end <= right.start) }
            #expect(blocks.allSatisfy { !$0.samples.isEmpty && ($0.speech ?? 0) > 0 })
        }
    }

    @Test("a block knows its channel, its place in the file and how much speech is in it")
    func description() {
        var cutter = BlockCutter(rules: Sound.rules, channel: 3, origin: 5_000)
        let quiet = Array(repeating: Float(0.01), count: 100)
        let sound = Sound(probabilities: quiet + Array(repeating: 0.9, count: 20) + quiet)
        let blocks = cutter.append(samples: sound.samples(0..<220), probabilities: sound.probabilities)
        #expect(blocks.map(\.channel) == [3])
        #expect(blocks.map(\.start) == [5_000 + (100 - Sound.margin) * 512])
        #expect(blocks.map(\.speech) == [20 * 0.032])
    }

    @Test("speech without any pause is cut where it is least likely, and nothing of it is lost")
    func noPause() {
        var sound = Sound(probabilities: Array(repeating: 0.9, count: 500))
        sound.probabilities[130] = 0.5
        sound.probabilities[131] = 0.5
        let blocks = sound.blocks(portion: 10)
        #expect(blocks.first?.end == 131 * 512)
        #expect(blocks.map(\.samples.count).reduce(0, +) == sound.count)
    }

    @Test("long silence is in no block, and a little of it stays around speech")
    func silence() {
        let quiet = Array(repeating: Float(0.01), count: 100)
        let sound = Sound(probabilities: quiet + Array(repeating: 0.9, count: 20) + quiet + Array(repeating: 0.9, count: 20) + quiet)
        let blocks = sound.blocks(portion: 10)
        #expect(blocks.map { $0.start / 512 } == [100 - Sound.margin, 220 - Sound.margin])
        #expect(blocks.map { $0.end / 512 } == [120 + Sound.margin, 240 + Sound.margin])
    }

    @Test("sound without speech gives no blocks, and a click is not speech")
    func noSpeech() {
        var sound = Sound(probabilities: Array(repeating: 0.3, count: 1000))
        #expect(sound.blocks(portion: 31).isEmpty)
        sound.probabilities[500] = 0.9
        #expect(sound.blocks(portion: 31).isEmpty)
        #expect(Sound(probabilities: []).blocks(portion: 31).isEmpty)
    }

    @Test("with the usual rules, no block of an endless talk is longer than 28 seconds, nor most shorter than 20")
    func usualRules() {
        var generator = SplitMix(state: 7)
        let talk = (0..<40).flatMap { _ -> [Float] in
            let speech = [Float](repeating: 0.9, count: Int.random(in: 30...120, using: &generator))
            return speech + [Float](repeating: 0.1, count: Int.random(in: 10...40, using: &generator))
        }
        let blocks = Sound(probabilities: talk).blocks(portion: 31, rules: BlockCutter.Rules())
        #expect(blocks.allSatisfy { $0.samples.count <= 28 * 16_000 })
        #expect(blocks.dropLast().allSatisfy { $0.samples.count >= 14 * 16_000 })
    }
}

/// Sound of which each sample is the number of its window, and the probabilities that go with it.
private struct Sound {
    static let (limit, margin) = (156, 3)

    var probabilities: [Float]
    var count: Int { probabilities.isEmpty ? 0 : probabilities.count * 512 - 200 }

    init(probabilities: [Float]) {
        self.probabilities = probabilities
    }

    init(seed: UInt64) {
        var generator = SplitMix(state: seed)
        let silences = [1...3, 1...30, 20...60][Int(seed % 3)]
        probabilities = (0..<16).flatMap { _ -> [Float] in
            let speech = (0..<Int.random(in: 1...90, using: &generator)).map { _ in Float.random(in: 0.3...1, using: &generator) }
            return speech + (0..<Int.random(in: silences, using: &generator)).map { _ in Float.random(in: 0...0.45, using: &generator) }
        }
    }

    /// Runs of windows in which someone certainly speaks.
    var speech: [Range<Int>] {
        var runs: [Range<Int>] = []
        for (window, probability) in probabilities.enumerated() where probability >= 0.5 {
            if runs.last?.upperBound == window {
                runs[runs.count - 1] = runs[runs.count - 1].lowerBound..<window + 1
            } else {
                runs.append(window..<window + 1)
            }
        }
        return runs
    }

    static var rules: BlockCutter.Rules {
        var rules = BlockCutter.Rules()
        (rules.target, rules.limit, rules.pause, rules.silence, rules.margin) = (3, 5, 0.3, 1, 0.1)
        return rules
    }

    func samples(_ windows: Range<Int>) -> [Float] {
        Array(windows.flatMap { Array(repeating: Float($0), count: 512) }.prefix(count - windows.lowerBound * 512))
    }

    func blocks(
        portion: Int,
        probabilitiesLate: Bool = false,
        from window: Int = 0,
        rules: BlockCutter.Rules = Sound.rules
    ) -> [Block] {
        var cutter = BlockCutter(rules: rules, from: window)
        var blocks: [Block] = []
        for start in stride(from: max(0, window - 1), to: probabilities.count, by: portion) {
            let end = min(start + portion, probabilities.count)
            let samples = samples(start..<end)
            if probabilitiesLate {
                blocks += cutter.append(samples: samples, probabilities: [])
                for probability in probabilities[start..<end] { blocks += cutter.append(samples: [], probabilities: [probability]) }
            } else {
                blocks += cutter.append(samples: samples, probabilities: Array(probabilities[start..<end]))
            }
        }
        return blocks + cutter.finish()
    }
}
