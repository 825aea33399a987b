import Transcripts

extension Timestamp {
    /// The time of a sample at 16 kHz, in whole milliseconds, rounded down.
    package init(sample: Int) {
        self.init(milliseconds: sample / 16)
    }

    /// The time of a sample at 16 kHz, in whole milliseconds, rounded up.
    package init(sampleRoundedUp sample: Int) {
        self.init(sample: sample + 15)
    }

    /// The place of the first sample at this time, at 16 kHz.
    package var sample: Int { milliseconds * 16 }
}
