import Archive
import Basics
import Foundation
import HTTPTypes
import Hummingbird
import Transcripts

/// OpenAI's audio API: the answer to a recording is its transcript, complete or as a stream.
struct OpenAIAudioRoutes: Sendable {
    typealias Context = APIContext

    let transcriber: UploadTranscriber

    /// `POST /v1/audio/transcriptions`: the transcript in the spoken language.
    func transcriptions(request: Request, context: Context) async throws -> Response {
        try await answer(request, context: context, isTranslation: false)
    }

    /// `POST /v1/audio/translations`: the transcript in English.
    func translations(request: Request, context: Context) async throws -> Response {
        try await answer(request, context: context, isTranslation: true)
    }

    private func answer(_ request: Request, context: Context, isTranslation: Bool) async throws -> Response {
        let (upload, form) = try await transcriber.readForm(request, context: context) { fields in
            try OpenAIForm(fields, isTranslation: isTranslation, models: transcriber.models)
        }
        if request.prefersNotToWait {
            return try await accept(transcriber.probed(upload), as: form, request: request, context: context)
        }
        if form.streams {
            // Validate the file before the first event is sent.
            let provisional = try await transcriber.start(transcriber.probed(upload), as: form.request, context: context)
            return provisional.stream(OpenAIEvents(of: provisional, form: form, library: transcriber.library, texts: transcriber.texts))
        }
        let transcript = try await transcriber.start(upload, as: form.request, context: context).result().transcript
        return try OpenAIAnswer(form: form, transcript: transcript).response(to: request, context: context)
    }

    /// Answers at once with the location of the transcript, and continues when the client disconnects.
    private func accept(_ upload: Upload, as form: OpenAIForm, request: Request, context: Context) async throws -> Response {
        let transcription = try await transcriber.recordings.acceptUpload(upload, as: form.request).transcription
        let id = transcription.id.lowercased
        let location = "/api/v1/transcriptions/\(id)"
        var response = try QueuedTranscription(id: id, status: transcription.state.rawValue, url: location)
            .response(from: request, context: context)
        response.status = .accepted
        response.headers[.location] = location
        if let applied = HTTPField.Name("Preference-Applied") { response.headers[applied] = "respond-async" }
        return response
    }
}

/// The location of a transcript for which the client does not wait.
private struct QueuedTranscription: ResponseEncodable {
    let id: String
    let object = "audio.transcription"
    let status: String
    let url: String
}

extension Request {
    /// Whether the client wants an answer before the work is done (RFC 7240, 4.1).
    fileprivate var prefersNotToWait: Bool {
        guard let name = HTTPField.Name("Prefer") else { return false }
        return headers[values: name].flatMap { $0.split(separator: ",") }.contains { preference in
            preference.prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces).lowercased() == "respond-async"
        }
    }
}
