import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import Audio

@Suite("Implausible sources")
struct PlausibilityTests {
    @Test(
        "a rate or a number of channels that no recording has is refused",
        arguments: [(1, 1), (100, 1), (999, 1), (8_000_000, 1), (8000, 65), (16_000, 500)]
    )
    func refused(rate: UInt32, channels: UInt16) async throws {
        try await TemporaryFolder.with { folder in
            let path = folder.appending("odd.wav")
            try path.write(wav(rate: rate, channels: channels))
            let error = await #expect(throws: AudioError.self) { _ = try await AudioProbe().describe(path) }
            #expect(error?.code == "implausible_audio")
        }
    }

    @Test("rates and channels at the edges are accepted", arguments: [(1_000, 1), (768_000, 2), (8000, 64)])
    func accepted(rate: UInt32, channels: UInt16) async throws {
        try await TemporaryFolder.with { folder in
            let path = folder.appending("odd.wav")
            try path.write(wav(rate: rate, channels: channels))
            let description = try await AudioProbe().describe(path)
            #expect(description.sampleRate == Int(rate) && description.channels == Int(channels))
        }
    }

    @Test(
        "headers of zeros and of the largest numbers end in an answer or an audio error",
        arguments: [0, 0x7FFF_FFFF, 0x8000_0000, UInt32.max]
    )
    func edges(rate: UInt32) async throws {
        try await TemporaryFolder.with { folder in
            for channels in [UInt16(0), 1, 0x7FFF, 0xFFFF] {
                let path = folder.appending("odd.wav")
                try path.write(wav(rate: rate, channels: channels))
                do { _ = try await AudioProbe().describe(path) } catch is AudioError {}
                do { _ = try await Media.samples(of: path) } catch is AudioError {}
            }
        }
    }

    @Test(
        "negative numbers are refused, missing ones are not",
        arguments: [(#""sample_rate": "-8000""#, true), (#""channels": -1"#, true), (#""sample_rate": "0""#, false)]
    )
    func stated(field: String, isRefused: Bool) throws {
        let report = try JSONDecoder().decode(ProbeReport.self, from: Data(#"{"streams": [{"codec_type": "audio", \#(field)}]}"#.utf8))
        let description = try #require(AudioDescription(report))
        if isRefused {
            #expect(throws: AudioError.self) { try description.checkPlausibility() }
        } else {
            try description.checkPlausibility()
        }
    }

    @Test("a length is not believed if the file has too few bytes for it")
    func length() throws {
        let json = #"{"streams": [{"codec_type": "audio", "duration": "30000"}]}"#
        let report = try JSONDecoder().decode(ProbeReport.self, from: Data(json.utf8))
        #expect(AudioDescription(report, fileSize: 60_000)?.duration == nil)
        #expect(AudioDescription(report, fileSize: 600_000)?.duration == 30_000_000)
    }

    /// A second of silence, or less, in 8 bits.
    private func wav(rate: UInt32, channels: UInt16) -> Data {
        func bytes(_ value: some FixedWidthInteger) -> Data { withUnsafeBytes(of: value.littleEndian) { Data($0) } }
        let count: UInt32 = 60_000
        var data = Data("RIFF".utf8) + bytes(count + 36) + Data("WAVEfmt ".utf8) + bytes(UInt32(16)) + bytes(UInt16(1)) + bytes(channels)
        data += bytes(rate) + bytes(rate &* UInt32(channels)) + bytes(channels) + bytes(UInt16(8)) + Data("data".utf8) + bytes(count)
        return data + Data(repeating: 128, count: Int(count))
    }
}
