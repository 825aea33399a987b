import Archive
import Hummingbird
import Transcripts

/// A page of transcriptions.
struct TranscriptionList: ResponseEncodable, Sendable {
    let items: [TranscriptionResource]
    /// The number of transcriptions on all pages.
    let total: Int
    let limit: Int
    let offset: Int
    /// Null on the last page.
    @Null var nextCursor: String?
}

/// The result of deleting a list of ids.
struct DeletionResource: ResponseEncodable {
    var deleted: [String] = []
    var notFound: [String] = []
}

/// The library in numbers.
struct StatisticsResource: ResponseEncodable {
    let transcriptionsTotal: Int
    let transcriptionsByStatus: [String: Int]
    let audioFiles: Int
    let audioHours: Double
    let audioHoursByModel: [String: Double]
    let bytesOnDisk: Int64
    let words: Int
    @Null var realTimeFactor: Double?

    init(_ statistics: LibraryStatistics) {
        let states = TranscriptionState.allCases.map { ($0.rawValue, statistics.transcriptions[$0] ?? 0) }
        transcriptionsTotal = states.reduce(0) { $0 + $1.1 }
        transcriptionsByStatus = Dictionary(uniqueKeysWithValues: states)
        audioFiles = statistics.audioFiles
        audioHours = Self.hours(statistics.audio)
        audioHoursByModel = statistics.audioByModel.mapValues(Self.hours)
        bytesOnDisk = statistics.bytes
        words = statistics.words
        realTimeFactor = statistics.realTimeFactor?.rounded(toPlaces: 4)
    }

    private static func hours(_ time: Timestamp) -> Double {
        (time.seconds / 3600).rounded(toPlaces: 4)
    }
}
