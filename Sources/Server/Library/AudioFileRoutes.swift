import Archive
import Audio
import Foundation
import Hummingbird
import ModelLibrary
import Transcripts

/// Stored recordings: their transcriptions, and new ones.
struct AudioFileRoutes: Sendable {
    typealias Context = APIContext

    let recordings: RecordingStore
    let library: Library
    let reader: TranscriptionReader
    let models: ModelLibrary

    /// `GET /audio-files/{id}/transcriptions?limit=&offset=`: the newest first.
    func transcriptions(request: Request, context: Context) async throws -> [TranscriptionResource] {
        let query = OptionValues(query: request.options)
        var filter = LibraryFilter()
        let id = try context.audioFileID()
        filter.audioFile = id
        let page = try await library.list(
            filter,
            limit: try query.integer("limit", in: 1...100) ?? 100,
            offset: try query.integer("offset", in: 0...Int(Int32.max)) ?? 0
        )
        // A recording exists as long as it has a transcription.
        guard page.total > 0 else { throw ArchiveError.audioFileNotFound(id) }
        return try await reader.resources(page.items)
    }

    /// `POST /audio-files/{id}/transcriptions`: transcribes the recording with other options, or returns an identical earlier transcription.
    func transcribe(request: Request, context: Context) async throws -> Response {
        let id = try context.audioFileID()
        let fields = try await request.fields()
        let query = request.options
        guard OptionValues(query: query, fields: fields)["model"] != nil else {
            throw APIError.badRequest("missing_model", "“model” is missing: name the model that should transcribe the recording.")
        }
        let options = try TranscriptionOptionsReader(query: query, fields: fields, models: models)
        let accepted = try await recordings.transcribeAgain(
            id,
            channels: try await channels(for: options.request.options, of: id),
            request: options.request,
            wantsDuplicate: options.wantsDuplicate
        )
        return try await reader.response(accepted, within: options.wait, to: request, context: context)
    }

    /// `DELETE /audio-files/{id}`: with all its transcriptions.
    func delete(request: Request, context: Context) async throws -> Response {
        let id = try context.audioFileID()
        guard try await recordings.deleteRecording(id) else { throw ArchiveError.audioFileNotFound(id) }
        return Response(status: .noContent)
    }

    /// `POST /transcriptions/{id}/ranges`: transcribes a range again, with the same or other options; the result replaces it in the text.
    func transcribeRange(request: Request, context: Context) async throws -> Response {
        let transcription = try await reader.find(context)
        let fields = try await request.fields()
        let query = request.options
        let values = OptionValues(query: query, fields: fields)
        guard let start = try values.time("start"), try values.time("end") != nil else {
            throw APIError.badRequest("missing_range", "“start” and “end” are required: they set the range to transcribe.")
        }
        if let duration = transcription.duration, start >= duration {
            throw APIError.badRequest("invalid_range", "“start” is after the end of the recording.")
        }
        let options = try TranscriptionOptionsReader(query: query, fields: fields, models: models, base: transcription.request)
        let range = try await recordings.transcribeRange(
            of: transcription.id,
            channels: try await channels(for: options.request.options, of: transcription.audioFile.id),
            request: options.request
        )
        let accepted = AcceptedTranscription(transcription: range, isNew: true)
        return try await reader.response(accepted, within: options.wait, to: request, context: context)
    }

    /// The number of channels to transcribe separately.
    private func channels(for options: TranscriptionOptions, of id: UUID) async throws -> Int {
        guard options.separatesChannels else { return 1 }
        var filter = LibraryFilter()
        filter.audioFile = id
        guard let file = try await library.list(filter, limit: 1).items.first?.audioFile else {
            throw ArchiveError.audioFileNotFound(id)
        }
        return max(1, try await AudioProbe().describe(recordings.folder.path(of: file.storedFilename)).channels)
    }
}

extension APIContext {
    /// The id of the audio file in the path.
    fileprivate func audioFileID() throws -> UUID {
        guard let id = parameters.get("id", as: UUID.self) else { throw APIError.audioFileNotFound }
        return id
    }
}
