import Audio
import CWhisper
import Foundation
import TestSupport
import Testing

@testable import Speech

@Suite("The voice activity network")
struct SileroTests {
    /// A minute, after which the memory is emptied, which the engine by itself does not do.
    private static let minute = VoiceActivity.renewal * VoiceActivity.window

    // The engine rounds to 16 bits what goes into each convolution, and where the processor can (AVX-512 FP16) it also adds up in 16 bits,
    // 11 of which are digits. Against an evaluation in 64 bits, the engine was measured to be off by up to 0.0054 on such a processor,
    // 0.0001 on average, and this network by 0.0006 and 0.000008: what is allowed for here is the engine's rounding.
    @Test(
        "says what the engine's own evaluation says",
        arguments: ["short-en-2.wav", "clip25-de.wav", "long-en.wav", "noise.wav", "silence.wav"]
    )
    func engine(_ name: String) async throws {
        let samples = Array(try await Self.samples(name).prefix(Self.minute))
        let expected = try Self.engineProbabilities(of: samples)
        var network = try SileroNetwork(SileroWeights(path: Self.path))
        let found = try network.probabilities(of: samples[...])
        #expect(found.count == expected.count)
        let differences = zip(found, expected).map { abs($0 - $1) }
        #expect(differences.allSatisfy { $0 < 0.01 })
        #expect(differences.reduce(0, +) / Float(differences.count) < 0.0005)
    }

    @Test("says exactly the same in portions of any length", arguments: [100, 513, 5_000, 16_000])
    func portions(_ portion: Int) async throws {
        let samples = try await Self.samples("clip25-en.wav")
        let activity = VoiceActivity()
        var whole = try await activity.probabilities(of: samples)
        whole += try await activity.finish()
        let streamed = VoiceActivity()
        var found: [Float] = []
        for first in stride(from: 0, to: samples.count, by: portion) {
            found += try await streamed.probabilities(of: Array(samples[first..<min(first + portion, samples.count)]))
        }
        found += try await streamed.finish()
        #expect(found == whole)
    }

    @Test("returns to its initial state by a reset")
    func reset() async throws {
        let samples = try await Self.samples("short-en-1.wav")
        var network = try SileroNetwork(SileroWeights(path: Self.path))
        let first = try network.probabilities(of: samples[...])
        let second = try network.probabilities(of: samples[...])
        network.reset()
        #expect(try network.probabilities(of: samples[...]) == first)
        #expect(second != first)
    }

    @Test("has the Fourier transform that its file has as a matrix")
    func fourier() throws {
        let basis = try #require(try SileroFile([UInt8](Self.file())).tensors[.basis])
        var generator = SplitMix(state: 7)
        let samples = (0..<SileroShape.window).map { _ in Float.random(in: -1...1, using: &generator) }
        let magnitudes = SileroSpectra().magnitudes(of: samples)
        let (bins, frame) = (SileroShape.bins, SileroShape.frame)
        for number in 0..<SileroShape.frames {
            let seen = (0..<frame).map { (index: Int) -> Float in
                let place = abs(number * SileroShape.hop + index - SileroShape.margin)
                return samples[place < samples.count ? place : 2 * (samples.count - 1) - place]
            }
            for bin in 0..<bins {
                let parts = [bin, bins + bin].map { row in
                    zip(basis[row * frame..<(row + 1) * frame], seen).reduce(Float(0)) { $0 + $1.0 * $1.1 }
                }
                let expected = (parts[0] * parts[0] + parts[1] * parts[1]).squareRoot()
                // The matrix is rounded to 11 binary digits.
                #expect(abs(magnitudes[number * bins + bin] - expected) < 0.01)
            }
        }
    }

    @Test("refuses a file that is cut off", arguments: [0, 3, 100, 165, 166, 200_000, 885_097])
    func cutOff(_ length: Int) throws {
        try Self.expectRefusal(of: Array(Self.file().prefix(length)))
    }

    @Test("refuses a file with a number where none belongs, whatever the number")
    func damage() throws {
        let file = try [UInt8](Self.file())
        // All of the header, and the description of the first tensor.
        for place in (0..<126).filter({ !(18..<30).contains($0) && !(34..<38).contains($0) }) + Array(126..<130) {
            for value: UInt8 in [0x7f, 0xff] where file[place] != value {
                var damaged = file
                damaged[place] = value
                #expect(throws: SileroFile.Damage.self, "byte \(place)") { try SileroFile(damaged) }
            }
        }
        try Self.expectRefusal(of: file + [0])
        try Self.expectRefusal(of: file + file[122...])
    }

    @Test("refuses a file that is not there")
    func absent() {
        #expect(throws: SpeechError.voiceActivityUnreadable(path: "/nowhere")) { try SileroWeights(path: "/nowhere") }
    }

    private static func expectRefusal(of file: [UInt8]) throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "silero-\(UUID().uuidString).bin")
        try Data(file).write(to: path)
        defer { try? FileManager.default.removeItem(at: path) }
        #expect(throws: SpeechError.voiceActivityUnreadable(path: path.path)) { try SileroWeights(path: path.path) }
    }

    private static var path: String { VoiceActivity.networkPath }

    private static func file() throws -> Data { try Data(contentsOf: URL(filePath: path)) }

    private static func samples(_ name: String) async throws -> [Float] {
        var samples: [Float] = []
        try await AudioDecoder(path: Recordings.path(name)).decode { samples += $0 }
        return samples
    }

    private static func engineProbabilities(of samples: [Float]) throws -> [Float] {
        EngineLog.redirect()
        var parameters = whisper_vad_default_context_params()
        parameters.n_threads = 1
        let context = try #require(whisper_vad_init_from_file_with_params(path, parameters))
        defer { whisper_vad_free(context) }
        try #require(whisper_vad_detect_speech(context, samples, Int32(samples.count)))
        return Array(UnsafeBufferPointer(start: whisper_vad_probs(context), count: Int(whisper_vad_n_probs(context))))
    }
}
