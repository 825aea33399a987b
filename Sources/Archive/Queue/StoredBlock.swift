import Transcripts

/// A stretch of a recording that is recognized by itself.
package struct StoredBlock: Sendable, Hashable {
    /// Its place among the recording's blocks, in the order in which they were cut.
    package var ordinal: Int
    /// Its channel, from 0.
    package var channel: Int
    /// Its place in the recording.
    package var start, end: Timestamp
    /// How much of it is speech; nil without voice activity detection.
    package var speech: Timestamp?

    package init(ordinal: Int = 0, channel: Int = 0, start: Timestamp, end: Timestamp, speech: Timestamp? = nil) {
        self.ordinal = ordinal
        self.channel = channel
        self.start = start
        self.end = end
        self.speech = speech
    }
}
