import Transcripts

extension Segment {
    /// The number of the channel that its speaker speaks in, from 0: “Speaker 2” has the second one. Nil for any other name.
    var channelNumber: Int? {
        guard let number = speaker?.split(separator: " ").last.flatMap({ Int($0) }), number > 0 else { return nil }
        return number - 1
    }
}
