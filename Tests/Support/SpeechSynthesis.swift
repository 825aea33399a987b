import Foundation
import SystemPackage

/// Makes recordings of any length of synthetic speech of the kind that the demo model knows.
package enum SpeechSynthesis {
    /// A recording and its text.
    package struct Result: Sendable {
        package let path: FilePath
        package let text: String
        package let sentences: [String]
        package let seconds: Double
    }

    private static let voices = ["en": ["en-us", "en-us+f3", "en-us+m4"], "es": ["es", "es-419+f2"], "de": ["de", "de+f3"]]

    /// The simple sentences that come with the demo model, without its lists of numbers, which it often gets wrong.
    package static func sentences(language: String = "en") throws -> [String] {
        let table = try String(decoding: Recordings.path("sentences.tsv").contents(), as: UTF8.self)
        var rows = table.split(separator: "\n").map { $0.split(separator: "\t").map(String.init) }
        guard let column = rows.removeFirst().firstIndex(of: language) else { return [] }
        return rows.filter { $0.count > column }.map { $0[column] }.filter { $0.split(separator: " ").count > 2 && !$0.contains(",") }
    }

    /// One sentence, spoken into a WAV file.
    package static func speak(_ sentence: String, language: String = "en", voice: String? = nil, into path: FilePath) async throws {
        let voice = voice ?? voices[language]?.first ?? language
        try await CommandLineProgram("espeak-ng", ["-v", voice, "-s", "150", "-w", path.string, "--", sentence]).succeed()
    }

    /// A recording of so many minutes: one minute of sentences with pauses of about a second, repeated.
    package static func recording(minutes: Int, language: String = "en", in folder: FilePath) async throws -> Result {
        let minute = folder.appending("minute-\(language).wav")
        let spoken = try await speakMinute(language: language, into: minute, scratch: folder)
        let path = folder.appending("speech-\(language)-\(minutes).wav")
        try await CommandLineProgram(
            "ffmpeg",
            ["-nostdin", "-v", "error", "-y", "-stream_loop", String(minutes - 1), "-i", minute.string, "-c", "copy", path.string]
        ).succeed()
        let sentences = Array(repeating: spoken, count: minutes).flatMap(\.self)
        return Result(path: path, text: sentences.joined(separator: " "), sentences: sentences, seconds: Double(minutes) * 60)
    }

    /// Speaks sentences until a minute is full, pads it to 60 seconds and returns the sentences.
    private static func speakMinute(language: String, into path: FilePath, scratch: FilePath) async throws -> [String] {
        let clip = scratch.appending("sentence.wav")
        var (samples, spoken, rate) = (Data(), [String](), 22_050)
        for (index, sentence) in try sentences(language: language).enumerated() {
            let voices = voices[language] ?? [language]
            try await speak(sentence, language: language, voice: voices[index % voices.count], into: clip)
            let wave = try Wave(clip.contents())
            rate = wave.rate
            let pause = Data(count: rate * 2 * (9 + index % 4) / 10)
            guard samples.count + wave.samples.count + pause.count < 60 * rate * 2 else { break }
            samples += wave.samples + pause
            spoken.append(sentence)
        }
        samples.append(Data(count: 60 * rate * 2 - samples.count))
        try path.write(Wave(rate: rate, samples: samples).data)
        return spoken
    }
}

/// A WAV file with one channel of 16-bit samples, as espeak-ng writes it.
package struct Wave: Sendable {
    package let rate: Int
    /// The samples, two bytes each, the lower one first.
    package let samples: Data

    /// The file is not such a WAV.
    package struct Unreadable: Error {}

    package init(rate: Int, samples: Data) {
        self.rate = rate
        self.samples = samples
    }

    package init(_ data: Data) throws {
        guard let format = data.range(of: Data("fmt ".utf8)), let marker = data.range(of: Data("data".utf8)) else { throw Unreadable() }
        guard data.count >= marker.upperBound + 4, format.upperBound + 12 <= data.count else { throw Unreadable() }
        rate = data[(format.upperBound + 8)..<(format.upperBound + 12)].reversed().reduce(0) { $0 << 8 | Int($1) }
        samples = Data(data[(marker.upperBound + 4)...])
    }

    package var data: Data {
        var data = Data("RIFF".utf8)
        data.append(Self.bytes(36 + samples.count, 4))
        data.append(Data("WAVEfmt ".utf8))
        for (value, width) in [(16, 4), (1, 2), (1, 2), (rate, 4), (rate * 2, 4), (2, 2), (16, 2)] { data.append(Self.bytes(value, width)) }
        data.append(Data("data".utf8))
        data.append(Self.bytes(samples.count, 4))
        return data + samples
    }

    private static func bytes(_ value: Int, _ count: Int) -> Data {
        Data((0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) })
    }
}
