import Testing
import Transcripts

@testable import Speech

@Suite("Bringing speakers into one order")
struct SpeakerMergeTests {
    @Test("every segment comes once, named and in order, however blocks overlap", arguments: 0..<20)
    func properties(seed: UInt64) {
        var generator = SplitMix(state: seed)
        var (merge, turns) = (SpeakerMerge(), [CompletedBlock]())
        let blocks = (0..<12).map { _ in (Int.random(in: 0...60, using: &generator), Int.random(in: 0...2, using: &generator)) }.sorted {
            $0 < $1
        }
        for (number, (start, channel)) in blocks.enumerated() {
            turns += merge.turns(before: Timestamp(milliseconds: start * 1000))
            let segments = (0..<Int.random(in: 0...5, using: &generator)).map { segment(at: start * 1000 + $0 * 2100, "\(number) \($0)") }
            let removed = RemovedSegment(segment(at: start * 1000 + 1, "phantom \(number)"), reason: .phantomPhrase)
            merge.add(RecognizedBlock(language: DetectedLanguage(code: "en"), segments: segments, removed: [removed]), channel: channel)
        }
        turns += merge.turns(before: Timestamp(milliseconds: .max))
        let segments = turns.flatMap(\.segments)
        #expect(segments.map(\.start) == segments.map(\.start).sorted())
        #expect(Set(segments.map(\.text)).count == segments.count)
        #expect(turns.flatMap(\.removed).count == 12)
        for turn in turns {
            let own = turn.segments + turn.removed.map(\.segment)
            #expect(own.allSatisfy { $0.speaker == "Speaker \(turn.channel + 1)" && $0.start >= turn.start && $0.end <= turn.end })
        }
        #expect(merge.turns(before: Timestamp(milliseconds: .max)).isEmpty)
    }

    private func segment(at milliseconds: Int, _ text: String) -> Segment {
        Segment(start: Timestamp(milliseconds: milliseconds), end: Timestamp(milliseconds: milliseconds + 2000), text: text)
    }
}
