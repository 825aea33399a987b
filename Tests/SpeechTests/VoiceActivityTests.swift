import Audio
import EarshotTesting
import Speech
import Testing
import Transcripts

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
