import Transcripts

/// A stretch of sound with speech in it, short enough to be recognized at once.
package struct Block: Sendable, Hashable {
    /// The place of the first sample, counted from the start of the file.
    package let start: Int

    /// The samples, one channel at 16 kHz.
    package let samples: [Float]

    /// The place after the last sample.
    package var end: Int { start + samples.count }
}

extension Timestamp {
    /// The time of a sample at 16 kHz.
    init(sample: Int) {
        self.init(milliseconds: sample / 16)
    }
}
