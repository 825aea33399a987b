import Foundation

/// Tells speech from other sound, in a stream of samples, with the Silero model; on a thread of its own.
///
/// The network remembers what it heard, and half a minute later still shows it in the odd probability. So that a stream can be taken up
/// in its middle with exactly the same outcome, the memory is emptied every minute, and filled again with the last seconds before: on the
/// test recordings that changed for less than one window in 200 whether it is taken for speech, at the edges of words.
package actor VoiceActivity {
    /// Samples at 16 kHz that one probability stands for: 32 milliseconds.
    package static let window = 512

    /// Windows between two times that the memory is emptied: a minute.
    static let renewal = 1875

    /// Windows that fill the memory again: three seconds.
    static let runUp = 94

    /// The network's file, which comes with Earshot.
    static var networkPath: String { Bundle.module.path(forResource: "silero-vad", ofType: "bin") ?? "silero-vad.bin" }

    private let executor = SerialQueueExecutor(label: "earshot.voice-activity")
    private var network: SileroNetwork?
    private var leftover: [Float] = []
    private var recent: [Float] = []
    private var next: Int

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// A detector for a stream that begins with the window of this number.
    ///
    /// From the next whole minute on the outcome is the same as that of a stream that began with window 0.
    package init(at window: Int = 0) {
        next = window
    }

    /// The window that a stream must begin with at the latest for the probability of `window` to be exact.
    static func start(for window: Int) -> Int {
        max(0, window / renewal * renewal - runUp)
    }

    /// The probability of speech in each window that these samples complete; what is left over counts with the next samples.
    package func probabilities(of samples: [Float]) throws -> [Float] {
        let all = leftover + samples
        let whole = all.count / Self.window * Self.window
        leftover = Array(all[whole...])
        return try listen(to: all[..<whole])
    }

    /// The probability of speech in the last, incomplete window; nothing if there is none.
    package func finish() throws -> [Float] {
        defer { leftover = [] }
        return try listen(to: leftover[...])
    }

    private func listen(to samples: ArraySlice<Float>) throws -> [Float] {
        var (rest, probabilities) = (samples, [Float]())
        while !rest.isEmpty {
            if next % Self.renewal == 0, next > 0 { try renew() }
            let portion = rest.prefix((Self.renewal - next % Self.renewal) * Self.window)
            let found = try FreeCores.shared.listening { try detect(portion) }
            probabilities += found
            next += found.count
            remember(portion)
            rest = rest.dropFirst(portion.count)
        }
        return probabilities
    }

    /// Keeps what fills the memory again, and up to as much more, so that it need not be moved each time.
    private func remember(_ samples: ArraySlice<Float>) {
        let enough = Self.runUp * Self.window
        recent += samples
        if recent.count > 2 * enough { recent.removeFirst(recent.count - enough) }
    }

    private func renew() throws {
        network?.forget()
        _ = try FreeCores.shared.listening { try detect(recent.suffix(Self.runUp * Self.window)) }
    }

    private func detect(_ samples: ArraySlice<Float>) throws -> [Float] {
        guard !samples.isEmpty else { return [] }
        if network == nil {
            network = try SileroNetwork(SileroWeights(path: Self.networkPath))
        }
        return try network?.probabilities(of: samples) ?? []
    }
}
