import Archive
import Basics
import Foundation
import HTTPTypes
import Hummingbird
import ModelLibrary
import Transcripts

/// Uploads, and their transcriptions.
struct TranscriptionRoutes: Sendable {
    typealias Context = APIContext

    let recordings: RecordingStore
    let reader: TranscriptionReader
    let models: ModelLibrary
    let settings: ServerSettings

    /// `POST /transcriptions`: stores the upload and queues its transcription. With `?wait=SECONDS` the answer waits that long for the end.
    /// An identical earlier transcription is answered with 200, unless `?duplicate=true` requests another one.
    func create(request: Request, context: Context) async throws -> Response {
        let query = request.options
        let uploads = UploadReader(folder: recordings.folder, settings: settings, channel: context.channel)
        let (upload, options) = try await uploads.read(request) { fields in
            try TranscriptionOptionsReader(query: query, fields: fields, models: models)
        }
        let accepted = try await recordings.acceptUpload(upload, as: options.request, wantsDuplicate: options.wantsDuplicate)
        return try await reader.response(accepted, within: options.wait, to: request, context: context)
    }

    /// `GET /transcriptions/{id}`: with its segments; `?revision=0` for the model's text.
    func show(request: Request, context: Context) async throws -> TranscriptionResource {
        let revision = try OptionValues(query: request.options).revision()
        return try await reader.resource(reader.find(context), revision: revision)
    }

    /// `DELETE /transcriptions/{id}`: with its audio file, unless another transcription uses that.
    func delete(request: Request, context: Context) async throws -> Response {
        let id = try context.transcriptionID()
        guard try await reader.library.delete(id) else { throw ArchiveError.transcriptionNotFound(id) }
        return Response(status: .noContent)
    }

    /// `GET /transcriptions/{id}/audio`: the uploaded file, whole or in ranges.
    func audio(request: Request, context: Context) async throws -> Response {
        let file = try await reader.find(context).audioFile
        let disposition = request.options["download"] == "true" ? "attachment" : "inline"
        return try await FileResponse(
            path: recordings.folder.path(of: file.storedFilename),
            size: file.sizeBytes,
            mediaType: file.mediaType,
            entityTag: "\"\(file.id.lowercased)\"",
            disposition: ContentDisposition(disposition, filename: file.originalFilename)
        ).response(to: request, context: context)
    }
}

extension APIContext {
    /// The id of the transcription in the path.
    func transcriptionID() throws -> UUID {
        guard let id = parameters.get("id", as: UUID.self) else { throw APIError.transcriptionNotFound }
        return id
    }
}
