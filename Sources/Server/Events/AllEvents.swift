import Archive

/// Everything that happens, read from the event log: a client that reconnects soon misses nothing.
///
/// The first event is `ready`; its id is the position from which the client receives events. A client that reconnects after events have
/// been trimmed receives `reset` instead and must reload what it shows.
struct AllEvents: EventSource {
    /// The reads of all clients that have received the same event last.
    typealias Reads = SharedReads<Int64, EventPage>

    /// The number of events that are read at a time.
    static let eventsAtOnce = 200

    /// Some events, encoded once for all streams.
    struct EventPage: Sendable {
        let events: [(id: Int64, kind: ArchiveEvent.Kind, encoded: ServerSentEvent)]
        let newest: Int64
        let isIncomplete: Bool

        init(_ found: ArchiveEvents, after id: Int64) {
            events = found.events.map { ($0.id, $0.kind, ServerSentEvent(id: String($0.id), name: $0.kind.rawValue, json: $0.data)) }
            newest = found.newest
            isIncomplete = found.isIncomplete(after: id)
        }
    }

    private let log: EventLog
    private let kinds: Set<ArchiveEvent.Kind>
    private let reads: Reads
    /// The last event that the client has received or does not want; nil at the start.
    private var last: Int64?
    private(set) var hasMore = false

    /// - Parameter last: The last event that the client has received; nil for a new client.
    init(log: EventLog, kinds: Set<ArchiveEvent.Kind>, after last: Int64?, sharing reads: Reads) {
        self.log = log
        self.kinds = kinds
        self.last = last
        self.reads = reads
    }

    var isOver: Bool { false }
    var position: String? { last.map(String.init) }

    mutating func news() async throws -> [ServerSentEvent] {
        let after = last ?? .max
        let page = try await reads.value(for: after) { [log] in
            EventPage(try await log.read(after: after, limit: Self.eventsAtOnce), after: after)
        }
        guard !page.isIncomplete else {
            let name = last == nil ? "ready" : "reset"
            last = page.newest
            hasMore = true
            return [ServerSentEvent(id: String(page.newest), name: name, json: "{}")]
        }
        last = page.events.last?.id ?? last
        hasMore = page.events.count == Self.eventsAtOnce
        return page.events.filter { kinds.contains($0.kind) }.map(\.encoded)
    }
}
