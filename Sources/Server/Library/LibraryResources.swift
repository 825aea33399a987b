import Archive
import Foundation
import Hummingbird
import Transcripts

/// A page of transcriptions.
struct TranscriptionList: ResponseEncodable, Sendable {
    let items: [TranscriptionResource]
    /// How many there are in all that the filter lets through, not on this page.
    let total: Int
    let limit: Int
    let offset: Int
    /// What leads to the next page; null on the last one.
    let nextCursor: String?

    private enum CodingKeys: String, CodingKey {
        case items, total, limit, offset
        case nextCursor = "next_cursor"
    }

    func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(items, forKey: .items)
        try fields.encode(total, forKey: .total)
        try fields.encode(limit, forKey: .limit)
        try fields.encode(offset, forKey: .offset)
        try fields.encode(nextCursor, forKey: .nextCursor)
    }
}

/// What became of a list of ids to delete.
struct DeletionResource: ResponseEncodable {
    var deleted: [String] = []
    var notFound: [String] = []

    private enum CodingKeys: String, CodingKey {
        case deleted
        case notFound = "not_found"
    }
}

/// What there is, in numbers.
struct StatisticsResource: ResponseEncodable {
    private let statistics: LibraryStatistics

    init(_ statistics: LibraryStatistics) {
        self.statistics = statistics
    }

    private enum CodingKeys: String, CodingKey {
        case words
        case transcriptions = "transcriptions_total"
        case byStatus = "transcriptions_by_status"
        case audioFiles = "audio_files"
        case audioHours = "audio_hours"
        case hoursByModel = "audio_hours_by_model"
        case bytes = "bytes_on_disk"
        case realTimeFactor = "real_time_factor"
    }

    func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        let states = TranscriptionState.allCases.map { ($0.rawValue, statistics.transcriptions[$0] ?? 0) }
        try fields.encode(states.reduce(0) { $0 + $1.1 }, forKey: .transcriptions)
        try fields.encode(Dictionary(uniqueKeysWithValues: states), forKey: .byStatus)
        try fields.encode(statistics.audioFiles, forKey: .audioFiles)
        try fields.encode(Self.hours(statistics.audio), forKey: .audioHours)
        try fields.encode(statistics.audioByModel.mapValues(Self.hours), forKey: .hoursByModel)
        try fields.encode(statistics.bytes, forKey: .bytes)
        try fields.encode(statistics.words, forKey: .words)
        try fields.encode(statistics.realTimeFactor?.rounded(toPlaces: 4), forKey: .realTimeFactor)
    }

    private static func hours(_ time: Timestamp) -> Double {
        (time.seconds / 3600).rounded(toPlaces: 4)
    }
}

/// The texts that a transcription has had.
struct RevisionList: ResponseEncodable {
    let items: [RevisionResource]
}

/// One of them.
struct RevisionResource: Encodable, Sendable {
    private let revision: Revision
    private let isCurrent: Bool

    init(_ revision: Revision, isCurrent: Bool) {
        self.revision = revision
        self.isCurrent = isCurrent
    }

    private enum CodingKeys: String, CodingKey {
        case revision, segments
        case madeFrom = "made_from"
        case madeAt = "created_at"
        case isCurrent = "is_current"
    }

    func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(revision.number, forKey: .revision)
        try fields.encode(revision.madeFrom, forKey: .madeFrom)
        try fields.encode(revision.madeAt?.wire, forKey: .madeAt)
        try fields.encode(revision.segments, forKey: .segments)
        try fields.encode(isCurrent, forKey: .isCurrent)
    }
}

extension Double {
    /// The nearest number with so many decimals.
    func rounded(toPlaces places: Int) -> Double {
        let scale = (0..<places).reduce(1.0) { scale, _ in scale * 10 }
        return (self * scale).rounded() / scale
    }
}

extension Date {
    /// As clients see it: ISO 8601 in UTC, with milliseconds.
    var wire: String { formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true)) }
}

extension UUID {
    /// As clients see it: in lower case.
    var wire: String { uuidString.lowercased() }
}
