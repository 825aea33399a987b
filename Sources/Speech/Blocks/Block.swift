/// A stretch of one channel's sound, short enough to be recognized at once.
package struct Block: Sendable, Hashable {
    /// The channel of the recording that it is from, counted from 0; 0 also for a recording whose channels were mixed.
    package let channel: Int

    /// The number of the first sample, counted from the start of the file.
    package let start: Int

    /// The samples, one channel at 16 kHz.
    package let samples: [Float]

    /// How many seconds of speech were found in it; nil if voice activity is off.
    package let speech: Double?

    package init(channel: Int = 0, start: Int, samples: [Float], speech: Double? = nil) {
        self.channel = channel
        self.start = start
        self.samples = samples
        self.speech = speech
    }

    /// The number after that of the last sample.
    package var end: Int { start + samples.count }
}
