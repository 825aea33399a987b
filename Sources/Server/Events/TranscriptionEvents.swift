import Archive
import Basics
import Foundation

/// The changes of one transcription, read from its stored state: a client that connects late or again misses nothing.
///
/// The events are `status` after every change, `segment` for each new segment, and `done` (or `deleted`) at the end. A client that
/// reconnects receives the latest status only, unless it has received that before.
struct TranscriptionEvents: EventSource {
    /// The reads of all clients that follow a transcription from the same segment on.
    typealias Reads = SharedReads<TranscriptionNews.Position, TranscriptionNews>

    private let id: UUID
    private let reader: TranscriptionReader
    private let reads: Reads
    private var seen: Seen
    private(set) var hasMore = false
    private(set) var isOver = false

    /// The part of the events that a client has received; each event's id encodes it.
    struct Seen: Sendable, Hashable, CustomStringConvertible {
        /// The number of segments.
        var segments = 0
        /// The digest of the latest status.
        var status = ""
        /// Whether the client knows that the transcription has ended.
        var end = false

        var description: String { "\(segments)-\(status)" + (end ? "-done" : "") }

        init() {}

        /// Reads the id of an event; any other text means that nothing was received.
        init(lastEventID: String?) {
            let parts = (lastEventID ?? "").split(separator: "-", omittingEmptySubsequences: false)
            guard parts.count == 2 || parts.count == 3, let count = Int(parts[0]), count >= 0 else { return }
            segments = count
            status = String(parts[1])
            end = parts.count == 3 && parts[2] == "done"
        }
    }

    init(of id: UUID, after seen: Seen, reader: TranscriptionReader, sharing reads: Reads) {
        self.id = id
        self.seen = seen
        self.reader = reader
        self.reads = reads
    }

    mutating func news() async throws -> [ServerSentEvent] {
        if isOver { return [] }
        let position = TranscriptionNews.Position(transcription: id, segment: seen.segments)
        let news = try await reads.value(for: position) { [reader] in try await TranscriptionNews(at: position, reader: reader) }
        guard let status = news.status else {
            isOver = true
            return [try ServerSentEvent(name: "deleted", data: ["id": id.lowercased])]
        }
        var events: [ServerSentEvent] = []
        if status.digest != seen.status {
            seen.status = status.digest
            seen.end = false
            events.append(ServerSentEvent(id: seen.description, name: "status", json: status.json))
        }
        for segment in news.segments {
            seen.segments = segment.ordinal + 1
            events.append(ServerSentEvent(id: seen.description, name: "segment", json: segment.json))
        }
        hasMore = news.hasMore
        if let done = news.done {
            isOver = true
            seen.end = true
            events.append(ServerSentEvent(id: seen.description, name: "done", json: done))
        }
        return events
    }
}
