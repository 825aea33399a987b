import Archive
import AsyncAlgorithms
import Hummingbird

/// Streams of what happens, as server-sent events.
struct EventRoutes: Sendable {
    typealias Context = APIContext

    let log: EventLog
    let library: Library
    let texts: TextStore
    let hub: EventHub
    let desk: ModelDesk
    private let allReads = AllEvents.Reads()
    private let transcriptionReads = TranscriptionEvents.Reads()

    init(log: EventLog, library: Library, texts: TextStore, hub: EventHub, desk: ModelDesk) {
        self.log = log
        self.library = library
        self.texts = texts
        self.hub = hub
        self.desk = desk
    }

    /// `GET /events?types=`: everything that happens from now on, or from the last event that a returning client has seen.
    func all(request: Request, context: Context) async throws -> Response {
        let kinds = try OptionValues(query: request.options)["types"].map(Self.kinds) ?? Set(ArchiveEvent.Kind.allCases)
        let events = AllEvents(log: log, kinds: kinds, after: request.lastEventID.map { Int64($0) ?? -1 }, sharing: allReads)
        return .events(on: hub.events(), from: events)
    }

    /// `GET /transcriptions/{id}/events`: status and segments as they come. A client that comes back although it was told the end is told
    /// that there is nothing more (204), upon which browsers cease to come back.
    func ofTranscription(request: Request, context: Context) async throws -> Response {
        let id = try context.transcriptionID()
        guard let transcription = try await library.find(id) else { throw ArchiveError.transcriptionNotFound(id) }
        let seen = TranscriptionEvents.Seen(lastEventID: request.lastEventID)
        let events = TranscriptionEvents(of: id, after: seen, sharing: transcriptionReads) { [library, texts, desk] place in
            try await TranscriptionNews(at: place, library: library, texts: texts, desk: desk)
        }
        if seen.end, transcription.state.isFinal {
            var rest = events
            if try await rest.news().count == 1 { return Response(status: .noContent) }
        }
        let changes = hub.changes(of: id)
        guard await desk.downloadAwaited(by: transcription) != nil else { return .events(on: changes, from: events) }
        return .events(on: merge(changes, await desk.changes()), from: events)
    }

    private static func kinds(_ text: String) throws -> Set<ArchiveEvent.Kind> {
        let names = text.split(separator: ",").map { $0.trimmingPrefix(while: \.isWhitespace) }
        let kinds = names.compactMap { ArchiveEvent.Kind(rawValue: String($0)) }
        guard kinds.count == names.count else {
            let known = ArchiveEvent.Kind.allCases.map(\.rawValue).joined(separator: ", ")
            throw APIError(status: .badRequest, code: "invalid_types", detail: "“types” is one or more of: \(known).")
        }
        return Set(kinds)
    }
}
