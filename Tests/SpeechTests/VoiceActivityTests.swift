import Audio
import TestSupport
import Testing
import Transcripts

@testable import Speech

@Suite("Voice activity")
struct VoiceActivityTests {
    @Test("is likely where someone speaks and unlikely elsewhere")
    func speech() async throws {
        let recording = Recordings.named("short-en-2.wav")
        let spoken = try await probabilities("short-en-2.wav", portion: 16_000)
        let sentence = try #require(recording.sentences.first)
        let windows = Int(sentence.start.seconds / 0.032)..<Int(sentence.end.seconds / 0.032)
        #expect(spoken[windows].count { $0 >= 0.5 } * 10 >= windows.count * 8)
        #expect(try await probabilities("noise.wav", portion: 16_000).allSatisfy { $0 < 0.5 })
        #expect(try await probabilities("silence.wav", portion: 16_000).allSatisfy { $0 < 0.5 })
    }

    @Test("is the same however the sound is portioned, with one probability for every 512 samples")
    func portions() async throws {
        let whole = try await probabilities("short-de-1.wav", portion: .max)
        for portion in [100, 512, 5_000] {
            #expect(try await probabilities("short-de-1.wav", portion: portion) == whole)
        }
    }

    @Test("a stream that begins in the middle gives exactly the same from the next minute on")
    func middle() async throws {
        let whole = try await probabilities("long-en.wav", portion: 16_000)
        for window in [1875, 1876, 4000, 7000] {
            let start = VoiceActivity.start(for: window)
            #expect(start <= window && window - start < 2000)
            var samples: [Float] = []
            let first = start * VoiceActivity.window
            try await AudioDecoder(path: Recordings.path("long-en.wav"), range: first..<first + 75 * 16_000).decode { samples += $0 }
            let part = try await VoiceActivity(at: start).probabilities(of: samples)
            #expect(part[(window - start)...] == whole[window..<start + part.count])
        }
    }

    @Test("emptying the network's memory every minute hardly ever changes what is taken for speech")
    func renewal() async throws {
        var samples: [Float] = []
        try await AudioDecoder(path: Recordings.path("long-en.wav")).decode { samples += $0 }
        let usual = try await VoiceActivity().probabilities(of: samples)
        let shifted = try await VoiceActivity(at: 900 + 1875).probabilities(of: samples)
        // The shifted stream empties its memory 900 windows earlier than the usual one, so each is undisturbed where the other is not.
        let differences = zip(usual, shifted).map { abs($0 - $1) }
        #expect(differences.contains { $0 > 0 })
        #expect(differences.reduce(0, +) / Float(differences.count) < 0.005)
        let changed = zip(usual, shifted).count { ($0 >= 0.5) != ($1 >= 0.5) }
        #expect(changed * 200 < usual.count)
    }

    private func probabilities(_ name: String, portion: Int) async throws -> [Float] {
        var samples: [Float] = []
        try await AudioDecoder(path: Recordings.path(name)).decode { samples += $0 }
        let activity = VoiceActivity()
        var probabilities: [Float] = []
        var rest = samples[...]
        while !rest.isEmpty {
            probabilities += try await activity.probabilities(of: Array(rest.prefix(portion)))
            rest = rest.dropFirst(portion)
        }
        probabilities += try await activity.finish()
        #expect(probabilities.count == (samples.count + 511) / 512)
        return probabilities
    }
}
