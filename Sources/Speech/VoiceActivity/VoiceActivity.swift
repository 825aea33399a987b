import Foundation

/// Finds speech in a stream of samples with the Silero network, on a thread of its own.
///
/// The network's state still influences single probabilities half a minute later. So that a stream can be resumed in its middle with
/// exactly the same result, the state is reset every minute, and warmed up with the seconds before: on the test recordings that
/// changed the result for less than one window in 200, at the edges of words.
package actor VoiceActivity {
    /// Samples at 16 kHz that one probability stands for: 32 milliseconds.
    package static let window = 512

    /// Windows between two resets: a minute.
    static let renewal = 1875

    /// Windows of the warm-up after a reset: three seconds.
    static let runUp = 94

    /// The network's file, which is part of Earshot.
    static var networkPath: String { Bundle.module.path(forResource: "silero-vad", ofType: "bin") ?? "silero-vad.bin" }

    private let executor = SerialQueueExecutor(label: "earshot.voice-activity")
    private var network: SileroNetwork?
    private var leftover: [Float] = []
    private var recent: [Float] = []
    private var next: Int

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// A detector for a stream that begins with the window of this number.
    ///
    /// From the next whole minute on the result is the same as that of a stream that began with window 0.
    package init(at window: Int = 0) {
        next = window
    }

    /// The window that a stream must begin with at the latest for the probability of `window` to be exact.
    static func start(for window: Int) -> Int {
        max(0, window / renewal * renewal - runUp)
    }

    /// The probability of speech in each window that these samples complete; the rest is kept for the next samples.
    package func probabilities(of samples: [Float]) throws -> [Float] {
        let all = leftover + samples
        let whole = all.count / Self.window * Self.window
        leftover = Array(all[whole...])
        return try evaluate(all[..<whole])
    }

    /// The probability of speech in the last, incomplete window, if there is one.
    package func finish() throws -> [Float] {
        defer { leftover = [] }
        return try evaluate(leftover[...])
    }

    private func evaluate(_ samples: ArraySlice<Float>) throws -> [Float] {
        var (rest, probabilities) = (samples, [Float]())
        while !rest.isEmpty {
            if next % Self.renewal == 0, next > 0 { try renew() }
            let portion = rest.prefix((Self.renewal - next % Self.renewal) * Self.window)
            let found = try FreeCores.shared.detecting { try detect(portion) }
            probabilities += found
            next += found.count
            keep(portion)
            rest = rest.dropFirst(portion.count)
        }
        return probabilities
    }

    /// Keeps the samples of the warm-up, and up to as many more, so that they need not be moved each time.
    private func keep(_ samples: ArraySlice<Float>) {
        let enough = Self.runUp * Self.window
        recent += samples
        if recent.count > 2 * enough { recent.removeFirst(recent.count - enough) }
    }

    private func renew() throws {
        network?.reset()
        _ = try FreeCores.shared.detecting { try detect(recent.suffix(Self.runUp * Self.window)) }
    }

    private func detect(_ samples: ArraySlice<Float>) throws -> [Float] {
        guard !samples.isEmpty else { return [] }
        if network == nil {
            network = try SileroNetwork(SileroWeights(path: Self.networkPath))
        }
        return try network?.probabilities(of: samples) ?? []
    }
}
