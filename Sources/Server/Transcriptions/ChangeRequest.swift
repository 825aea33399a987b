import Archive
import Foundation
import Hummingbird
import Transcripts

/// The changes that a client wants to make to a transcription.
struct ChangeRequest: Decodable {
    static let longestName = 255
    static let longestTag = 100
    static let mostTags = 50
    /// Ten hours of speech have about ten thousand.
    static let mostSegments = 200_000
    static let longestText = 20_000
    /// A hundred days, in seconds.
    static let longestTime = 8_640_000.0

    private let name: String?
    private let tags: [String]?
    private let segments: [Segment]?
    private let revision: Int?

    private struct Segment: Decodable {
        let start, end: Double
        let text: String
        let speaker: String?
        let language: String?
    }

    private enum CodingKeys: CodingKey {
        case name, tags, segments, revision
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        // `null` restores the file's name; a name that is missing stays.
        name = fields.contains(.name) ? try fields.decodeIfPresent(String.self, forKey: .name) ?? "" : nil
        tags = try fields.decodeIfPresent([String].self, forKey: .tags)
        segments = try fields.decodeIfPresent([Segment].self, forKey: .segments)
        revision = try fields.decodeIfPresent(Int.self, forKey: .revision)
    }

    func change() throws -> TranscriptionChange {
        var change = TranscriptionChange()
        change.name = try name.map { try Self.line($0, "name", atMost: Self.longestName) }
        change.tags = try tags.map(Self.tags)
        if let segments {
            guard let revision, revision >= 0 else {
                throw Self.refusal("missing_revision", "“revision” is missing: send the revision that was edited.")
            }
            guard segments.count <= Self.mostSegments else {
                throw Self.refusal("too_many_segments", "“segments” may have at most \(Self.mostSegments) segments.")
            }
            let edited = try segments.enumerated().map { try Self.segment($0.element, number: $0.offset) }
            change.text = TranscriptionChange.Text(segments: edited, editedFrom: revision)
        }
        return change
    }

    private static func tags(_ tags: [String]) throws -> [String] {
        guard tags.count <= mostTags else { throw refusal("invalid_tags", "A transcription may have at most \(mostTags) tags.") }
        var seen: Set<String> = []
        return try tags.map { tag in
            let tag = try line(tag, "tags", atMost: longestTag)
            guard !tag.isEmpty else { throw refusal("invalid_tags", "A tag must not be empty.") }
            return tag
        }.filter { seen.insert($0).inserted }
    }

    private static func segment(_ segment: Segment, number: Int) throws -> EditedSegment {
        let place = "segments[\(number)]"
        guard (0...longestTime).contains(segment.start), (segment.start...longestTime).contains(segment.end) else {
            throw refusal("invalid_segments", "\(place): “start” and “end” must be seconds, and “end” not before “start”.")
        }
        let text = segment.text.withoutControlCharacters
        guard text.unicodeScalars.count <= longestText else {
            throw refusal("invalid_segments", "\(place): “text” may have at most \(longestText) characters.")
        }
        let edited = EditedSegment(
            start: Timestamp(seconds: segment.start),
            end: Timestamp(seconds: segment.end),
            text: text,
            speaker: try segment.speaker.map { try line($0, "segments", atMost: longestName) }.flatMap { $0.isEmpty ? nil : $0 },
            language: try segment.language.map(Language.named)
        )
        guard !edited.text.isEmpty else {
            throw refusal("invalid_segments", "\(place): “text” is empty. To delete a segment, leave it out.")
        }
        return edited
    }

    /// A text without line breaks.
    private static func line(_ text: String, _ name: String, atMost length: Int) throws -> String {
        let line = text.withoutControlCharacters.singleSpaced
        guard line.unicodeScalars.count <= length else {
            throw refusal("invalid_\(name)", "“\(name)”: “\(line.prefix(20))…” has more than \(length) characters.")
        }
        return line
    }

    private static func refusal(_ code: String, _ detail: String) -> APIError {
        .badRequest(code, detail)
    }
}
