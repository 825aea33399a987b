import Archive
import Basics
import Foundation

/// The status of a transcription and its segments from a position on, encoded once for all streams at this position.
struct TranscriptionNews: Sendable {
    /// A transcription and the ordinal of its first new segment.
    struct Position: Sendable, Hashable {
        let transcription: UUID
        let segment: Int
    }

    /// The number of segments that are read at a time.
    static let segmentsAtOnce = 200

    /// The status as JSON, and a digest to compare it by; nil if the transcription is deleted.
    private(set) var status: (json: String, digest: String)?
    private(set) var segments: [(ordinal: Int, json: String)] = []
    /// Whether there may be more segments.
    private(set) var hasMore = false
    /// The transcription as JSON, once it has ended and all segments have been read.
    private(set) var done: String?

    private struct Status: Encodable {
        let status: String
        let progress: Double
        let language: String?
        let errorMessage: String?
        let queuePosition: Int?
        let estimatedSecondsLeft: Int?
        let heldBy: HoldResource?
        let modelDownload: DownloadResource?
    }

    init(at position: Position, reader: TranscriptionReader) async throws {
        guard let transcription = try await reader.library.find(position.transcription) else { return }
        let estimate = try await reader.library.estimate(of: transcription)
        let text = try JSONEncoder.apiText(
            of: Status(
                status: transcription.state.rawValue,
                progress: transcription.progress,
                language: transcription.language,
                errorMessage: transcription.failure?.message,
                queuePosition: estimate.queuePosition,
                estimatedSecondsLeft: estimate.timeLeft.map { Int(clamping: $0.components.seconds) },
                heldBy: estimate.hold.map(HoldResource.init),
                modelDownload: await reader.downloads.downloadAwaited(by: transcription)
            )
        )
        status = (text, String(stableHash(text.utf8), radix: 36))
        let found = try await reader.texts.segments(of: transcription.id, from: position.segment, limit: Self.segmentsAtOnce)
        segments = try found.map { ($0.ordinal, try JSONEncoder.apiText(of: SegmentResource($0))) }
        hasMore = segments.count == Self.segmentsAtOnce
        guard transcription.state.isFinal, !hasMore else { return }
        done = try await reader.resources([transcription]).first.map { try JSONEncoder.apiText(of: $0) }
    }
}
