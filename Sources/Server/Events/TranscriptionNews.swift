import Archive
import Basics
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
        let estimatedSecondsLeft: Int?
        let modelDownload: DownloadResource?
    }

    /// Reads them.
    init(at place: Place, archive: Archive, desk: ModelDownloads) async throws {
        guard let transcription = try await archive.transcription(place.transcription) else { return }
        let outlook = try await archive.outlook(of: transcription)
        let text = try JSONEncoder.apiText(
            of:
                Status(
                    status: transcription.state.rawValue,
                    progress: transcription.progress,
                    language: transcription.language,
                    errorMessage: transcription.failure?.message,
                    queuePosition: outlook.queuePosition,
                    estimatedSecondsLeft: outlook.timeLeft.map { Int($0.components.seconds) },
                    modelDownload: await desk.downloadAwaited(by: transcription)
                )
        )
        status = (text, Self.digest(text))
        segments = try await archive.segments(of: transcription.id, from: place.segment, limit: Self.segmentsAtOnce).map {
            ($0.ordinal, try JSONEncoder.apiText(of: SegmentResource($0)))
        }
        hasMore = segments.count == Self.segmentsAtOnce
        guard transcription.state.isFinal, !hasMore else { return }
        let words = try await archive.texts(of: [transcription])[transcription.id] ?? ""
        done = try JSONEncoder.apiText(of: TranscriptionResource(transcription, text: words))
    }

    private static func digest(_ text: String) -> String {
        String(stableHash(text.utf8), radix: 36)
    }
}
