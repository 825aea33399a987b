import Archive
import Basics
import Foundation

/// What happens to one transcription, told from the stored state: a client that comes late or comes back misses nothing.
///
/// The events are `status` on every change, `segment` for each new one, and `done` (or `deleted`) at the end. A client that was away is
/// told the latest status alone, and only if it has not seen that.
struct TranscriptionEvents: EventSource {
    /// What has been read for everybody who follows a transcription from the same segment on.
    typealias Reads = SharedReads<TranscriptionNews.Place, TranscriptionNews>

    private let id: UUID
    private let reads: Reads
    private let read: @Sendable (TranscriptionNews.Place) async throws -> TranscriptionNews
    private var seen: Seen
    private(set) var hasMore = false
    private(set) var isOver = false

    /// What a client has seen; the id of each event says it.
    struct Seen: Sendable, Hashable, CustomStringConvertible {
        /// How many segments.
        var segments = 0
        /// The digest of the latest status.
        var status = ""
        /// Whether it was told of the end.
        var end = false

        var description: String { "\(segments)-\(status)" + (end ? "-done" : "") }

        /// Nothing.
        init() {}

        /// Nothing, if that is no id of ours.
        init(lastEventID: String?) {
            let parts = (lastEventID ?? "").split(separator: "-", omittingEmptySubsequences: false)
            guard parts.count == 2 || parts.count == 3, let count = Int(parts[0]), count >= 0 else { return }
            segments = count
            status = String(parts[1])
            end = parts.count == 3 && parts[2] == "done"
        }
    }

    /// - Parameter seen: What the client has seen of it.
    init(
        of id: UUID,
        after seen: Seen,
        sharing reads: Reads,
        read: @escaping @Sendable (TranscriptionNews.Place) async throws -> TranscriptionNews
    ) {
        self.id = id
        self.seen = seen
        self.reads = reads
        self.read = read
    }

    mutating func news() async throws -> [ServerSentEvent] {
        if isOver { return [] }
        let place = TranscriptionNews.Place(transcription: id, segment: seen.segments)
        let news = try await reads.value(for: place) { [read] in try await read(place) }
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
