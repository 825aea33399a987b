import Archive
import AsyncAlgorithms
import Foundation
import HTTPTypes
import Hummingbird
import ModelLibrary
import Transcripts

/// Uploads, their transcriptions and what can be had of them.
struct TranscriptionRoutes: Sendable {
    typealias Context = APIContext

    let archive: Archive
    let hub: EventHub
    let models: ModelLibrary
    let desk: ModelDesk
    let settings: ServerSettings

    /// `POST /transcriptions`: stores the upload and queues its transcription. With `?wait=SECONDS` it answers when the
    /// transcription is finished, or after that time with what there is.
    func create(request: Request, context: Context) async throws -> Response {
        // Options in the query are judged before the upload is read, those that come with it as soon as they are known.
        let query = request.uri.queryParameters
        var options = try TranscriptionForm(query: query, fields: [:], models: models)
        let upload = try await Upload.receive(request, on: context.channel, into: archive.files, settings: settings) { fields in
            if !fields.isEmpty { options = try TranscriptionForm(query: query, fields: fields, models: models) }
        }
        var transcription = try await archive.accept(upload, as: options.request)
        if let wait = options.wait {
            transcription = try await finished(transcription, within: wait)
        }
        var response = try await resource(transcription).response(from: request, context: context)
        response.status = .created
        response.headers[.location] = "/api/v1/transcriptions/\(transcription.id.uuidString.lowercased())"
        return response
    }

    /// `GET /transcriptions`: the newest first.
    func list(request: Request, context: Context) async throws -> TranscriptionList {
        let query = OptionValues(query: request.uri.queryParameters)
        let limit = try query.integer("limit", in: 1...100) ?? 100
        let offset = try query.integer("offset", in: 0...Int(Int32.max)) ?? 0
        let page = try await archive.transcriptions(limit: limit, offset: offset)
        let texts = try await archive.texts(of: page.items)
        return TranscriptionList(
            items: page.items.map { TranscriptionResource($0, text: texts[$0.id] ?? "") },
            total: page.total,
            limit: limit,
            offset: offset
        )
    }

    /// `GET /transcriptions/{id}`: with its segments.
    func show(request: Request, context: Context) async throws -> TranscriptionResource {
        try await resource(find(context))
    }

    /// `DELETE /transcriptions/{id}`: with its audio file, unless another transcription uses that.
    func delete(request: Request, context: Context) async throws -> Response {
        let id = try context.transcriptionID()
        guard try await archive.delete(id) else { throw ArchiveError.transcriptionNotFound(id) }
        return Response(status: .noContent)
    }

    /// `GET /transcriptions/{id}/audio`: the file as it was uploaded, whole or in ranges.
    func audio(request: Request, context: Context) async throws -> Response {
        let file = try await find(context).audioFile
        let disposition = request.uri.queryParameters["download"] == "true" ? "attachment" : "inline"
        return try await FileResponse(
            path: archive.files.path(of: file.storedFilename),
            size: file.sizeBytes,
            mediaType: file.mediaType,
            entityTag: "\"\(file.id.uuidString.lowercased())\"",
            disposition: ContentDisposition(disposition, filename: file.originalFilename)
        ).response(to: request, context: context)
    }

    /// `GET /transcriptions/{id}/export?format=srt`: the transcript as a file.
    func export(request: Request, context: Context) async throws -> Response {
        let name = request.uri.queryParameters["format"].map(String.init) ?? TranscriptFormat.txt.rawValue
        guard let format = TranscriptFormat(rawValue: name.lowercased()) else {
            let known = TranscriptFormat.allCases.map(\.rawValue).joined(separator: ", ")
            throw APIError(status: .badRequest, code: "unknown_format", detail: "There is no format “\(name)”. Known: \(known).")
        }
        let transcription = try await find(context)
        var transcript = transcription.transcript(with: try await archive.segments(of: transcription.id))
        if format == .json { transcript.removed = try await archive.removals(of: transcription.id).map(\.removed) }
        let filename = transcription.audioFile.originalFilename.droppingExtension + "." + format.fileExtension
        return Response(
            status: .ok,
            headers: [
                .contentType: format.mediaType,
                .contentDisposition: ContentDisposition("attachment", filename: filename).text,
            ],
            body: ResponseBody(
                byteBuffer: ByteBuffer(
                    bytes: format.data(of: transcript, title: transcription.audioFile.originalFilename.droppingExtension)
                )
            )
        )
    }

    /// `GET /transcriptions/{id}/events`: status and segments as they come, as server-sent events.
    func events(request: Request, context: Context) async throws -> Response {
        let transcription = try await find(context)
        // A client that was cut off says which segment it saw last.
        let seen = HTTPField.Name("Last-Event-ID").flatMap { request.headers[$0] }.flatMap(Int.init) ?? -1
        let events = TranscriptionEvents(archive: archive, desk: desk, id: transcription.id, from: max(0, seen + 1))
        let changes = hub.changes(of: transcription.id)
        guard await desk.downloadAwaited(by: transcription) != nil else { return .events(on: changes, from: events) }
        return .events(on: merge(changes, await desk.changes()), from: events)
    }

    private func finished(_ transcription: Transcription, within wait: Duration) async throws -> Transcription {
        let id = transcription.id
        return try await withThrowingTaskGroup(of: Transcription?.self) { group in
            group.addTask { try await hub.transcription(id, in: archive) }
            group.addTask {
                try await Task.sleep(for: wait)
                return nil
            }
            let first = try await group.next() ?? nil
            group.cancelAll()
            return if let first { first } else { try await archive.transcription(id) ?? transcription }
        }
    }

    private func resource(_ transcription: Transcription) async throws -> TranscriptionResource {
        let segments = try await archive.segments(of: transcription.id)
        return TranscriptionResource(
            transcription,
            text: transcription.transcript(with: segments).text,
            outlook: try await archive.outlook(of: transcription),
            modelDownload: await desk.downloadAwaited(by: transcription),
            segments: segments
        )
    }

    private func find(_ context: Context) async throws -> Transcription {
        let id = try context.transcriptionID()
        guard let transcription = try await archive.transcription(id) else { throw ArchiveError.transcriptionNotFound(id) }
        return transcription
    }
}

extension APIContext {
    /// The transcription that the path names.
    func transcriptionID() throws -> UUID {
        guard let id = parameters.get("id").flatMap({ UUID(uuidString: $0) }) else {
            throw APIError(status: .notFound, code: "transcription_not_found", detail: "There is no transcription of this id.")
        }
        return id
    }
}

extension Transcription {
    /// The transcript that these segments make.
    func transcript(with segments: [StoredSegment]) -> Transcript {
        Transcript(
            language: language.flatMap(Language.init(code:)),
            duration: duration ?? audioFile.duration ?? storedUntil,
            segments: segments.map(\.segment),
            model: request.model,
            isTranslation: request.options.translate
        )
    }
}

extension String {
    fileprivate var droppingExtension: String {
        guard let dot = lastIndex(of: "."), dot != startIndex else { return self }
        return String(self[..<dot])
    }
}
