import Archive
import Foundation
import HTTPTypes
import Hummingbird
import ModelLibrary
import Transcripts

/// Uploads, their transcriptions and what can be had of them.
struct TranscriptionRoutes: Sendable {
    typealias Context = APIContext

    let recordings: RecordingStore
    let library: Library
    let reader: TranscriptionReader
    let hub: EventHub
    let models: ModelLibrary
    let desk: ModelDesk
    let settings: ServerSettings

    /// `POST /transcriptions`: stores the upload and queues its transcription. With `?wait=SECONDS` it answers when the
    /// transcription is finished, or after that time with what there is. What is there already is answered with 200, unless
    /// `?duplicate=true` says that it is wanted once more.
    func create(request: Request, context: Context) async throws -> Response {
        // Options in the query are judged before the upload is read, those that come with it as soon as they are known.
        let query = request.options
        var options = try TranscriptionForm(query: query, fields: [:], models: models)
        let upload = try await Upload.receive(request, on: context.channel, into: recordings.folder, settings: settings) { fields in
            if !fields.isEmpty { options = try TranscriptionForm(query: query, fields: fields, models: models) }
        }
        let accepted = try await recordings.acceptUpload(upload, as: options.request, wantsDuplicate: options.wantsDuplicate)
        return try await reader.response(accepted, within: options.wait, to: request, context: context)
    }

    /// `GET /transcriptions/{id}`: with its segments; `?revision=0` for the machine's text.
    func show(request: Request, context: Context) async throws -> TranscriptionResource {
        let revision = try OptionValues(query: request.options).revision()
        return try await reader.resource(reader.find(context), revision: revision)
    }

    /// `DELETE /transcriptions/{id}`: with its audio file, unless another transcription uses that.
    func delete(request: Request, context: Context) async throws -> Response {
        let id = try context.transcriptionID()
        guard try await library.delete(id) else { throw ArchiveError.transcriptionNotFound(id) }
        return Response(status: .noContent)
    }

    /// `GET /transcriptions/{id}/audio`: the file as it was uploaded, whole or in ranges.
    func audio(request: Request, context: Context) async throws -> Response {
        let file = try await reader.find(context).audioFile
        let disposition = request.options["download"] == "true" ? "attachment" : "inline"
        return try await FileResponse(
            path: recordings.folder.path(of: file.storedFilename),
            size: file.sizeBytes,
            mediaType: file.mediaType,
            entityTag: "\"\(file.id.uuidString.lowercased())\"",
            disposition: ContentDisposition(disposition, filename: file.originalFilename)
        ).response(to: request, context: context)
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
