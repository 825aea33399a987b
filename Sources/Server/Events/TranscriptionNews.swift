import Archive
import Foundation

/// How a transcription stands, and what segments it has from some place on; written once for all streams that ask from there.
struct TranscriptionNews: Sendable {
    /// A transcription, and the ordinal of the first segment that is news.
    struct Place: Sendable, Hashable {
        let transcription: UUID
        let segment: Int
    }

    /// So many segments are read at a time, however long the transcript is.
    static let segmentsAtOnce = 200

    /// The status as JSON, and a digest that is the same for the same status; nil once the transcription is deleted.
    private(set) var status: (json: String, digest: String)?
    private(set) var segments: [(ordinal: Int, json: String)] = []
    /// Whether there may be more segments already.
    private(set) var hasMore = false
    /// The whole transcription as JSON, once it is over and all segments have been read.
    private(set) var done: String?

    private struct Status: Encodable {
        let status: String
        let progress: Double
        let language: String?
        let errorMessage: String?
        let queuePosition: Int?
        let secondsLeft: Int?
        let modelDownload: DownloadResource?

        enum CodingKeys: String, CodingKey {
            case status, progress, language
            case errorMessage = "error_message"
            case queuePosition = "queue_position"
            case secondsLeft = "estimated_seconds_left"
            case modelDownload = "model_download"
        }
    }

    /// Reads them.
    init(at place: Place, archive: Archive, desk: ModelDesk) async throws {
        guard let transcription = try await archive.transcription(place.transcription) else { return }
        let outlook = try await archive.outlook(of: transcription)
        let text = try Self.json(
            Status(
                status: transcription.state.rawValue,
                progress: transcription.progress,
                language: transcription.language,
                errorMessage: transcription.failure?.message,
                queuePosition: outlook.queuePosition,
                secondsLeft: outlook.timeLeft.map { Int(clamping: $0.components.seconds) },
                modelDownload: await desk.downloadAwaited(by: transcription)
            )
        )
        status = (text, Self.digest(text))
        segments = try await archive.segments(of: transcription.id, from: place.segment, limit: Self.segmentsAtOnce).map {
            ($0.ordinal, try Self.json(SegmentResource($0)))
        }
        hasMore = segments.count == Self.segmentsAtOnce
        guard transcription.state.isFinal, !hasMore else { return }
        let words = try await archive.texts(of: [transcription])[transcription.id] ?? ""
        done = try Self.json(TranscriptionResource(transcription, text: words))
    }

    private static func json(_ value: some Encodable) throws -> String {
        String(decoding: try JSONEncoder.api.encode(value), as: UTF8.self)
    }

    /// FNV-1a, in few letters.
    private static func digest(_ text: String) -> String {
        let hash = text.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        return String(hash, radix: 36)
    }
}
