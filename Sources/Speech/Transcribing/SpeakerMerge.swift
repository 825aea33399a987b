import Transcripts

/// Merges the segments of several channels into one order, by time, with the names of their speakers.
package struct SpeakerMerge {
    private var segments: [(segment: Segment, channel: Int)] = []
    private var removed: [(removed: RemovedSegment, channel: Int)] = []

    /// The speaker of a channel, which is counted from 0.
    package static func name(ofChannel channel: Int) -> String { "Speaker \(channel + 1)" }

    /// Adds what was recognized in a block of one channel.
    mutating func add(_ block: RecognizedBlock, channel: Int) {
        func named(_ segment: Segment) -> Segment {
            var segment = segment
            segment.speaker = Self.name(ofChannel: channel)
            return segment
        }
        segments += block.segments.map { (named($0), channel) }
        removed += block.removed.map { (RemovedSegment(named($0.segment), reason: $0.reason), channel) }
    }

    /// Returns what begins before a time before which nothing more will begin: one stretch for each turn of a speaker.
    mutating func turns(before horizon: Timestamp) -> [CompletedBlock] {
        var turns: [[(segment: Segment, channel: Int)]] = []
        let ready = segments.filter { $0.segment.start < horizon }
            .sorted { ($0.segment.start, $0.channel) < ($1.segment.start, $1.channel) }
        for entry in ready {
            if turns.last?.last?.channel == entry.channel { turns[turns.count - 1].append(entry) } else { turns.append([entry]) }
        }
        segments.removeAll { $0.segment.start < horizon }
        let blocks = turns.map { turn in
            CompletedBlock(
                start: turn[0].segment.start,
                end: turn.map(\.segment.end).max() ?? turn[0].segment.start,
                channel: turn[0].channel,
                segments: turn.map(\.segment),
                removed: []
            )
        }
        return blocks + removals(before: horizon)
    }

    private mutating func removals(before horizon: Timestamp) -> [CompletedBlock] {
        let ready = removed.filter { $0.removed.segment.start < horizon }
        removed.removeAll { $0.removed.segment.start < horizon }
        return ready.map { entry in
            let segment = entry.removed.segment
            return CompletedBlock(start: segment.start, end: segment.end, channel: entry.channel, segments: [], removed: [entry.removed])
        }
    }
}
