import Archive
import Foundation
import HTTPTypes
import Hummingbird
import Transcripts

/// The API of whisper-asr-webservice, which Bazarr and others ask for subtitles.
struct WebServiceRoutes: Sendable {
    typealias Context = APIContext

    let room: WaitingRoom

    /// `POST /asr`: the transcript as a file, always called plain text.
    func asr(request: Request, context: Context) async throws -> Response {
        // Judged before the file is read, and used after it.
        let values = OptionValues(query: request.options)
        let form = try WebServiceForm(values, models: room.models)
        let upload = try await receive(request, values)
        let transcript = try await room.admit(upload, as: form.request, context: context).result().transcript
        var response = Response.text(try Self.text(of: transcript, as: form))
        response.headers[.contentDisposition] =
            ContentDisposition("attachment", filename: "\(upload.filename).\(form.output.rawValue)").text
        if let engine = HTTPField.Name("Asr-Engine") { response.headers[engine] = "whisper.cpp" }
        return response
    }

    /// `POST /detect-language`: which language is spoken; the recording is not kept.
    func detectLanguage(request: Request, context: Context) async throws -> DetectedLanguage {
        let values = OptionValues(query: request.options)
        let form = try WebServiceForm(values, models: room.models)
        let upload = try await receive(request, values)
        let transcription = try await room.admit(upload, as: form.request, isKept: false, context: context).untilLanguage()
        guard let language = transcription.language.flatMap(Language.init(code:)) else {
            throw APIError(
                status: .unprocessableContent,
                code: "no_speech",
                detail: "Nobody speaks in this recording, so there is no telling a language."
            )
        }
        return DetectedLanguage(
            detectedLanguage: language.englishName.lowercased(),
            languageCode: language.code,
            confidence: transcription.languageProbability ?? 1
        )
    }

    /// Reads the file; with `encode=false` that is bare sound, which gets a heading.
    private func receive(_ request: Request, _ values: OptionValues) async throws -> Upload {
        let isBare = try values.flag("encode") == false
        let field = FileField(name: "audio_file", heading: isBare ? StreamedWAV.speech : nil)
        var upload = try await room.receive(request, file: field) { _ in }.upload
        // Bazarr says which video the sound is from.
        if let video = values["video_file"] { upload.filename = video }
        if isBare {
            upload.declaredType = "audio/wav"
            if !upload.filename.lowercased().hasSuffix(".wav") { upload.filename += ".wav" }
        }
        return upload
    }

    private static func text(of transcript: Transcript, as form: WebServiceForm) throws -> String {
        let format: TranscriptFormat
        switch form.output {
        case .txt: format = .txt
        case .vtt: format = .vtt
        case .srt: format = .srt
        case .tsv: format = .tsv
        case .json:
            let result = WebServiceResult(
                text: transcript.text,
                segments: transcript.whisperSegments(withWords: form.request.options.wordTimes),
                language: transcript.language?.code
            )
            return try JSONEncoder.apiText(of: result)
        }
        return String(decoding: format.data(of: transcript), as: UTF8.self)
    }
}

/// The transcript as Whisper's own program writes it.
private struct WebServiceResult: Encodable {
    let text: String
    let segments: [WhisperSegment]
    let language: String?
}

/// Which language is spoken.
struct DetectedLanguage: ResponseEncodable, Sendable {
    /// Its name in English and in lower case.
    let detectedLanguage: String
    let languageCode: String
    /// How sure the model is, 0 to 1.
    let confidence: Double
}
