import Archive
import AsyncAlgorithms
import Hummingbird

/// Streams of server-sent events.
struct EventRoutes: Sendable {
    typealias Context = APIContext

    let log: EventLog
    let reader: TranscriptionReader
    private let allReads = AllEvents.Reads()
    private let transcriptionReads = TranscriptionEvents.Reads()

    init(log: EventLog, reader: TranscriptionReader) {
        self.log = log
        self.reader = reader
    }

    /// `GET /events?types=`: all events from now on, or from the last event that a reconnecting client has received.
    func all(request: Request, context: Context) async throws -> Response {
        let kinds = try OptionValues(query: request.options)["types"].map(Self.kinds) ?? Set(ArchiveEvent.Kind.allCases)
        let events = AllEvents(log: log, kinds: kinds, after: request.lastEventID.map { Int64($0) ?? -1 }, sharing: allReads)
        return .events(on: reader.hub.events(), from: events)
    }

    /// `GET /transcriptions/{id}/events`: status and segments as they change. A client that reconnects after the end is answered with 204,
    /// so that browsers stop reconnecting.
    func ofTranscription(request: Request, context: Context) async throws -> Response {
        let transcription = try await reader.find(context)
        let seen = TranscriptionEvents.Seen(lastEventID: request.lastEventID)
        let events = TranscriptionEvents(of: transcription.id, after: seen, reader: reader, sharing: transcriptionReads)
        if seen.end, transcription.state.isFinal {
            var rest = events
            if try await rest.news().count == 1 { return Response(status: .noContent) }
        }
        let changes = reader.hub.changes(of: transcription.id)
        guard await reader.downloads.downloadAwaited(by: transcription) != nil else { return .events(on: changes, from: events) }
        return .events(on: merge(changes, reader.downloads.changes()), from: events)
    }

    private static func kinds(_ text: String) throws -> Set<ArchiveEvent.Kind> {
        let names = text.split(separator: ",").map { $0.trimmingPrefix(while: \.isWhitespace) }
        let kinds = names.compactMap { ArchiveEvent.Kind(rawValue: String($0)) }
        guard kinds.count == names.count else {
            let known = ArchiveEvent.Kind.allCases.map(\.rawValue).joined(separator: ", ")
            throw APIError.badRequest("invalid_types", "“types” must be one or more of: \(known).")
        }
        return Set(kinds)
    }
}
