import Speech
import Testing

@Suite("Cutting sound by its loudness")
struct LoudnessCutterTests {
    @Test("the blocks hold everything, in order, none is too long, and portions make no difference", arguments: 0..<8)
    func properties(seed: UInt64) {
        let sound = noise(seconds: 40, seed: seed)
        let blocks = blocks(of: sound, portion: 16_000)
        #expect(blocks.flatMap(\.samples) == sound)
        #expect(blocks.map(\.samples.count).allSatisfy { $0 <= 5 * 16_000 })
        for (left, right) in zip(blocks, blocks.dropFirst()) { #expect(left.end == right.start) }
        for portion in [100, 777, 512, 70_000] { #expect(self.blocks(of: sound, portion: portion) == blocks) }
        for (index, block) in blocks.enumerated().dropLast() {
            let rest = self.blocks(of: Array(sound[block.end...]), portion: 3_000, from: block.end / 512)
            #expect(rest == Array(blocks.dropFirst(index + 1)))
        }
    }

    @Test("blocks end in pauses where there are some")
    func pauses() {
        var sound = noise(seconds: 30, seed: 1)
        let pauses = stride(from: 20_000, to: sound.count - 8_000, by: 30_000).map { $0..<$0 + 6_000 }
        for pause in pauses {
            for index in pause { sound[index] /= 100 }
        }
        let blocks = blocks(of: sound, portion: 16_000)
        #expect(blocks.count > 5)
        for block in blocks.dropLast() { #expect(pauses.contains { $0.contains(block.end) }, "\(block.end)") }
    }

    @Test("total silence is cut near the target, and nothing gives no block")
    func silence() {
        let blocks = blocks(of: Array(repeating: 0, count: 20 * 16_000), portion: 16_000)
        #expect(blocks.dropLast().allSatisfy { abs($0.samples.count - 48_000) <= 512 })
        #expect(self.blocks(of: [], portion: 100).isEmpty)
    }

    private func blocks(of sound: [Float], portion: Int, from window: Int = 0) -> [Block] {
        var rules = BlockCutter.Rules()
        (rules.target, rules.limit) = (3, 5)
        var cutter = LoudnessCutter(rules: rules, from: window)
        var blocks: [Block] = []
        for start in stride(from: 0, to: sound.count, by: portion) {
            blocks += cutter.append(Array(sound[start..<min(start + portion, sound.count)]))
        }
        return blocks + cutter.finish()
    }

    private func noise(seconds: Int, seed: UInt64) -> [Float] {
        var generator = SplitMix(state: seed)
        return (0..<seconds * 16_000 - Int(seed * 100)).map { _ in Float.random(in: -0.5...0.5, using: &generator) }
    }
}
