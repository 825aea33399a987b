import Archive
import Foundation
import HTTPTypes
import Hummingbird
import Transcripts

/// OpenAI's audio API: a recording is answered with its transcript, whole or while it grows.
struct OpenAIAudioRoutes: Sendable {
    typealias Context = APIContext

    let room: WaitingRoom

    /// `POST /v1/audio/transcriptions`: what is said.
    func transcriptions(request: Request, context: Context) async throws -> Response {
        try await answer(request, context: context, isTranslation: false)
    }

    /// `POST /v1/audio/translations`: the same in English.
    func translations(request: Request, context: Context) async throws -> Response {
        try await answer(request, context: context, isTranslation: true)
    }

    private func answer(_ request: Request, context: Context, isTranslation: Bool) async throws -> Response {
        let (upload, form) = try await room.receive(request) { fields in
            try OpenAIForm(fields, isTranslation: isTranslation, models: room.models)
        }
        if request.prefersNotToWait { return try await accept(room.examined(upload), as: form, request: request, context: context) }
        if form.streams {
            // What is wrong with the file has to be known before the first event.
            let awaited = try await room.admit(room.examined(upload), as: form.request, context: context)
            return awaited.stream(OpenAIEvents(of: awaited, form: form, library: room.library, texts: room.texts))
        }
        let transcript = try await room.admit(upload, as: form.request, context: context).result().transcript
        return try OpenAIAnswer(form: form, transcript: transcript).response(to: request, context: context)
    }

    /// Answers at once where the transcript will be, and stays with the work when the client goes away.
    private func accept(_ upload: Upload, as form: OpenAIForm, request: Request, context: Context) async throws -> Response {
        let transcription = try await room.recordings.acceptUpload(upload, as: form.request).transcription
        let id = transcription.id.uuidString.lowercased()
        let location = "/api/v1/transcriptions/\(id)"
        var response = try QueuedTranscription(id: id, status: transcription.state.rawValue, url: location)
            .response(from: request, context: context)
        response.status = .accepted
        response.headers[.location] = location
        if let applied = HTTPField.Name("Preference-Applied") { response.headers[applied] = "respond-async" }
        return response
    }
}

/// Where a transcript will be that nobody waits for.
private struct QueuedTranscription: ResponseEncodable {
    let id: String
    let object = "audio.transcription"
    let status: String
    let url: String

    enum CodingKeys: CodingKey {
        case id, object, status, url
    }
}

extension Request {
    /// Whether the client asks to be answered before the work is done (RFC 7240, 4.1).
    fileprivate var prefersNotToWait: Bool {
        guard let name = HTTPField.Name("Prefer") else { return false }
        return headers[values: name].flatMap { $0.split(separator: ",") }.contains { preference in
            preference.prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces).lowercased() == "respond-async"
        }
    }
}
