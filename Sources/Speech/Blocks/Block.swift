import Transcripts

/// A stretch of one channel's sound, short enough to be recognized at once.
package struct Block: Sendable, Hashable {
    /// The channel of the recording that it is from, counted from 0; 0 also for a recording whose channels were mixed.
    package let channel: Int

    /// The place of the first sample, counted from the start of the file.
    package let start: Int

    /// The samples, one channel at 16 kHz.
    package let samples: [Float]

    /// How many seconds of speech were found in it; nil where nobody looked, because voice activity is off.
    package let speech: Double?

    /// A block of these samples.
    package init(channel: Int = 0, start: Int, samples: [Float], speech: Double? = nil) {
        self.channel = channel
        self.start = start
        self.samples = samples
        self.speech = speech
    }

    /// The place after the last sample.
    package var end: Int { start + samples.count }
}

extension Timestamp {
    /// The time of a sample at 16 kHz, in whole milliseconds, rounded down.
    package init(sample: Int) {
        self.init(milliseconds: sample / 16)
    }

    /// The place of the first sample at this time, at 16 kHz.
    package var sample: Int { milliseconds * 16 }
}
