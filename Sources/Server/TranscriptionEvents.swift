import Archive
import Foundation
import Transcripts

/// What happens to one transcription, told from the stored state: a client that comes late or comes back misses nothing.
///
/// The events are `status` on every change, `segment` for each new one with its ordinal as id, and `done` (or `deleted`) at the end.
struct TranscriptionEvents: EventSource {
    private let archive: Archive
    private let desk: ModelDesk
    private let id: UUID
    private var nextSegment: Int
    private var lastStatus: Status?
    private(set) var isOver = false

    private struct Status: Encodable, Hashable {
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

    /// - Parameter nextSegment: The ordinal of the first segment that the client has not seen.
    init(archive: Archive, desk: ModelDesk, id: UUID, from nextSegment: Int) {
        self.archive = archive
        self.desk = desk
        self.id = id
        self.nextSegment = nextSegment
    }

    mutating func news() async throws -> [ServerSentEvent] {
        if isOver { return [] }
        guard let transcription = try await archive.transcription(id) else {
            isOver = true
            return [try ServerSentEvent(name: "deleted", data: ["id": id.uuidString.lowercased()])]
        }
        var news: [ServerSentEvent] = []
        let outlook = try await archive.outlook(of: transcription)
        let status = Status(
            status: transcription.state.rawValue,
            progress: transcription.progress,
            language: transcription.language,
            errorMessage: transcription.failure?.message,
            queuePosition: outlook.queuePosition,
            secondsLeft: outlook.timeLeft.map { Int($0.components.seconds) },
            modelDownload: await desk.downloadAwaited(by: transcription)
        )
        if status != lastStatus {
            news.append(try ServerSentEvent(name: "status", data: status))
            lastStatus = status
        }
        for stored in try await archive.segments(of: id, from: nextSegment) {
            news.append(try ServerSentEvent(id: String(stored.ordinal), name: "segment", data: SegmentResource(stored)))
            nextSegment = stored.ordinal + 1
        }
        if transcription.state.isFinal {
            isOver = true
            let text = try await archive.texts(of: [transcription])[id] ?? ""
            news.append(try ServerSentEvent(name: "done", data: TranscriptionResource(transcription, text: text)))
        }
        return news
    }
}
