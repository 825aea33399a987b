import Foundation
import SystemPackage
import TestSupport
import Testing
import Transcripts

extension Journeys {
    /// Options of a transcription.
    @Suite struct OptionTests {
        @Test("each channel of a call is one speaker, and they come in the order in which they speak")
        func channels() async throws {
            try await TemporaryFolder.with { folder in
                let (one, two) = (Recordings.named("short-en-1.wav"), Recordings.named("short-en-2.wav"))
                let call = try await Self.call(one, two, in: folder)
                let api = try SharedEarshot.running.api
                let done = try await api.finished(api.accept(call, query: "?channels=separate").id)
                let segments = try #require(done.segments)
                #expect(segments.map(\.speaker) == ["Speaker 1", "Speaker 2"])
                #expect(segments.map(\.text) == [one.text, two.text])
                let webVTT = try await api.server.ask("GET", "/api/v1/transcriptions/\(done.id)/export?format=vtt").text
                #expect(webVTT.contains("<v Speaker 2>\(two.text)"))
            }
        }

        @Test("a part of a recording is transcribed with the recording's own times")
        func range() async throws {
            let api = try SharedEarshot.running.api
            let done = try await api.finished(api.accept(Recordings.path("long-en.wav"), query: "?start=1:00&end=80.5").id)
            let segments = try #require(done.segments)
            #expect(!segments.isEmpty)
            #expect(segments.allSatisfy { $0.start >= 60 && $0.end <= 80.5 })
            #expect(done.progress == 1)
            #expect(done.durationSeconds == 240)
            let said = Recordings.named("long-en.wav").sentences.filter { $0.start.seconds > 60.3 && $0.end.seconds < 80.2 }
            #expect(abs(segments.count - said.count) <= 2)
        }

        @Test("words come with their times, in order and inside their segments")
        func words() async throws {
            let api = try SharedEarshot.running.api
            let answer = try await api.upload(
                Recordings.path("clip25-en.wav"),
                fields: [("word_timestamps", "true"), ("beam_size", "2")],
                query: "?wait=120"
            )
            let done: EarshotAPI.Transcription = try answer.json()
            for segment in try #require(done.segments) {
                let words = try #require(segment.words)
                #expect(words.map(\.word).joined(separator: " ") == segment.text)
                #expect(words.allSatisfy { $0.start >= segment.start && $0.end <= segment.end + 0.011 && $0.start <= $0.end })
                #expect(zip(words, words.dropFirst()).allSatisfy { $0.end <= $1.start + 0.011 })
                #expect(words.allSatisfy { (0...1).contains($0.probability) })
            }
            let options = try JSONDecoder().decode(Options.self, from: Data(answer.text.utf8)).options
            #expect(options.word_timestamps == true && options.beam_size == 2)
        }

        @Test(
            "an invalid option is refused by name before the file is read",
            arguments: [
                ("temperature=2", "invalid_temperature"), ("beam_size=0", "invalid_beam_size"), ("beam_size=1.5", "invalid_beam_size"),
                ("word_timestamps=maybe", "invalid_word_timestamps"), ("vad_threshold=-1", "invalid_vad_threshold"),
                ("channels=left", "invalid_channels"), ("start=soon", "invalid_start"), ("start=20&end=10", "invalid_range"),
                ("allowed_languages=en,klingon", "unknown_language"),
            ]
        )
        func refusals(query: String, code: String) async throws {
            let answer = try await SharedEarshot.running.api.upload(Recordings.path("short-en-1.wav"), query: "?" + query)
            #expect(answer.status == 400)
            #expect(try answer.json(EarshotAPI.Refusal.self).code == code)
        }

        @Test("a model that can't translate, or knows only English, says so")
        func abilities() async throws {
            try await TemporaryFolder.with { folder in
                // The start of a model's file shows its abilities; the rest is not read before the model is used.
                func header(vocabulary: UInt32, textLayers: UInt32) -> Data {
                    let sizes: [UInt32] = [0x6767_6d6c, vocabulary, 1500, 384, 6, 32, 448, 384, 6, textLayers, 80, 1]
                    return sizes.reduce(into: Data()) { data, size in withUnsafeBytes(of: size.littleEndian) { data.append(contentsOf: $0) }
                    }
                }
                try folder.appending("ggml-tiny.en.bin").write(header(vocabulary: 51_864, textLayers: 32))
                try folder.appending("ggml-turbo.bin").write(header(vocabulary: 51_866, textLayers: 4))
                try await RunningEarshot.with(environment: ["MODELS_DIR": folder.string]) { earshot in
                    func code(_ query: String) async throws -> String {
                        let answer = try await earshot.api.upload(Recordings.path("short-en-1.wav"), query: query)
                        #expect(answer.status == 400)
                        return try answer.json(EarshotAPI.Refusal.self).code
                    }
                    let codes = [
                        try await code("?model=turbo&task=translate"), try await code("?model=tiny.en&task=translate"),
                        try await code("?model=tiny.en&language=de"),
                    ]
                    #expect(codes == ["cannot_translate", "cannot_translate", "english_only"])
                }
            }
        }

        /// Makes a stereo recording in which the second speaker answers three seconds later, in the other channel.
        static func call(_ one: Recording, _ two: Recording, in folder: FilePath) async throws -> FilePath {
            let call = folder.appending("call.wav")
            let filter = "[0:a]apad=pad_dur=3[l];[1:a]adelay=3000[r];[l][r]join=inputs=2:channel_layout=stereo[out]"
            let arguments = ["-v", "error", "-i", one.path.string, "-i", two.path.string, "-filter_complex", filter, "-map", "[out]"]
            try await CommandLineProgram("ffmpeg", arguments + [call.string]).succeed()
            return call
        }

        private struct Options: Decodable {
            struct Values: Decodable {
                let word_timestamps: Bool?
                let beam_size: Int?
            }
            let options: Values
        }
    }
}
