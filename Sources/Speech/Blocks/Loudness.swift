import Foundation
import Transcripts

/// How loud a block is from moment to moment, in decibels below the loudest that a recording can be.
struct Loudness: Sendable, Hashable {
    /// The length of a moment in milliseconds.
    static let step = 10

    /// The level of digital silence.
    static let silence = -120.0

    /// The level of each moment: 0 for a full-scale square wave.
    let levels: [Double]

    /// The loudest moment's level.
    let highest: Double

    /// The level that a tenth of the moments stay below: the background noise, if there are pauses.
    let floor: Double

    init(_ samples: [Float]) {
        let length = Timestamp(milliseconds: Self.step).sample
        levels = stride(from: 0, to: samples.count, by: length).map { start in
            let part = samples[start..<min(start + length, samples.count)]
            let power = part.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(part.count)
            return power > 0 ? max(Self.silence, 10 * log10(power)) : Self.silence
        }
        highest = levels.max() ?? Self.silence
        floor = levels.isEmpty ? Self.silence : levels.sorted()[levels.count / 10]
    }

    /// The loudest moment's level between two times in milliseconds; silence where there is none.
    func highest(from start: Int, to end: Int) -> Double {
        let moments = max(0, start / Self.step)..<min(levels.count, max(0, (end + Self.step - 1) / Self.step))
        return moments.lowerBound < moments.upperBound ? levels[moments].max() ?? Self.silence : Self.silence
    }

    /// By how many decibels the level varies between two times in milliseconds, without the loudest and faintest fiftieth.
    ///
    /// Levels are averaged over 30 milliseconds, so that the beats of a chord even out. Syllables vary by 15 decibels and more, and by 4 in
    /// noise as loud as the speech; hum, tones and the hiss of a fan hardly vary.
    func swing(from start: Int = 0, to end: Int = .max) -> Double {
        let moments = max(0, start / Self.step)..<max(0, min(levels.count, end / Self.step))
        guard moments.lowerBound < moments.upperBound else { return 0 }
        let longer = stride(from: moments.lowerBound, to: max(moments.lowerBound + 1, moments.upperBound - 2), by: 3).map { first in
            let part = levels[first..<min(first + 3, levels.count)]
            return 10 * log10(part.reduce(0) { $0 + pow(10, $1 / 10) } / Double(part.count))
        }.sorted()
        let edge = longer.count / 50
        return longer[longer.count - 1 - edge] - longer[edge]
    }
}
