import Foundation
import SystemPackage
import Transcripts

/// A recording that comes with the tests, and what is said in it.
package struct Recording: Sendable, Hashable {
    /// A stretch of speech and its times.
    package struct Sentence: Sendable, Hashable {
        package let start: Timestamp
        package let end: Timestamp
        package let text: String
    }

    /// The file's name, "short-en-1.wav".
    package let name: String
    /// The code of the spoken language; nil where there is no speech.
    package let language: String?
    /// The whole spoken text.
    package let text: String
    /// The text in English; nil where no translation is known.
    package let translation: String?
    /// The sentences with their times.
    package let sentences: [Sentence]

    package var path: FilePath { Recordings.path(name) }
}

extension Recording: CustomStringConvertible {
    /// The file's name, for test reports.
    package var description: String { name }
}

extension Recording: Decodable {
    private enum CodingKeys: String, CodingKey {
        case file, language, text, translation, segments
    }

    private struct Segment: Decodable {
        let start: Double
        let end: Double
        let text: String
    }

    /// Reads an entry of the manifest.
    package init(from decoder: any Decoder) throws {
        let entry = try decoder.container(keyedBy: CodingKeys.self)
        name = try entry.decode(String.self, forKey: .file)
        language = try entry.decodeIfPresent(String.self, forKey: .language)
        text = try entry.decode(String.self, forKey: .text)
        translation = try entry.decodeIfPresent(String.self, forKey: .translation)
        sentences = try entry.decode([Segment].self, forKey: .segments).map { segment in
            Sentence(start: Timestamp(seconds: segment.start), end: Timestamp(seconds: segment.end), text: segment.text)
        }
    }
}

/// The recordings that come with the tests: synthetic speech that the demo model was not trained on.
package enum Recordings {
    package static let folder = FilePath(Bundle.module.bundlePath).appending("recordings")

    /// Every recording, in the manifest's order.
    package static let all: [Recording] = {
        do {
            return try JSONDecoder().decode([Recording].self, from: Data(contentsOf: URL(filePath: path("manifest.json").string)))
        } catch {
            preconditionFailure("The list of test recordings can't be read: \(error)")
        }
    }()

    /// One sentence each, in three languages, as WAV.
    package static let short = all.filter { $0.name.hasPrefix("short-") && $0.name.hasSuffix(".wav") }
    /// 25 seconds with pauses, one in each language.
    package static let clips = all.filter { $0.name.hasPrefix("clip25-") }
    /// The same sentence in six other containers: mp3, m4a, flac, ogg, webm, mp4.
    package static let containers = all.filter { $0.name.hasPrefix("short-en-1.") && !$0.name.hasSuffix(".wav") }
    /// Recordings without speech: silence and noise.
    package static let speechless = all.filter { $0.text.isEmpty }

    /// The path of a file of the folder: `path("short-en-1.wav")`.
    package static func path(_ name: String) -> FilePath { folder.appending(name) }

    /// The recording of that name; ends the tests where there is none.
    package static func named(_ name: String) -> Recording {
        guard let recording = all.first(where: { $0.name == name }) else { preconditionFailure("There is no recording \(name).") }
        return recording
    }
}

extension Recordings {
    /// Recordings of one kind and language, and how many of their words the demo model gets wrong.
    package struct Group: Sendable, CustomStringConvertible {
        /// "short en".
        package let name: String
        package let recordings: [Recording]
        /// The rate of wrong words that was measured with the engine's own program, 0 to 1.
        package let measuredErrorRate: Double

        /// The group's name, for test reports.
        package var description: String { name }
    }

    /// The groups in which the demo model's accuracy was measured; silence and noise, where any word is wrong, are not among them.
    package static let groups: [Group] = [
        Group(name: "clip25 de", recordings: [named("clip25-de.wav")], measuredErrorRate: 0.093),
        Group(name: "clip25 en", recordings: [named("clip25-en.wav")], measuredErrorRate: 0),
        Group(name: "clip25 es", recordings: [named("clip25-es.wav")], measuredErrorRate: 0.179),
        Group(name: "containers", recordings: containers, measuredErrorRate: 0),
        Group(name: "long en", recordings: [named("long-en.wav")], measuredErrorRate: 0.104),
        Group(name: "short de", recordings: short.filter { $0.language == "de" }, measuredErrorRate: 0),
        Group(name: "short en", recordings: short.filter { $0.language == "en" }, measuredErrorRate: 0.114),
        Group(name: "short es", recordings: short.filter { $0.language == "es" }, measuredErrorRate: 0),
    ]
}
