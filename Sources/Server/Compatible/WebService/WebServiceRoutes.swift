import Archive
import Foundation
import HTTPTypes
import Hummingbird
import Transcripts

/// The API of whisper-asr-webservice, which Bazarr and other programs use to get subtitles.
struct WebServiceRoutes: Sendable {
    typealias Context = APIContext

    let transcriber: UploadTranscriber

    /// `POST /asr`: the transcript as a file, always with the type of plain text.
    func asr(request: Request, context: Context) async throws -> Response {
        // Reject bad options before the file is read.
        let values = OptionValues(query: request.options)
        let form = try WebServiceForm(values, models: transcriber.models)
        let upload = try await read(request, values, context)
        let transcript = try await transcriber.start(upload, as: form.request, context: context).result().transcript
        var response = Response.text(try Self.text(of: transcript, as: form))
        response.headers[.contentDisposition] =
            ContentDisposition("attachment", filename: "\(upload.name).\(form.output.rawValue)").text
        if let engine = HTTPField.Name("Asr-Engine") { response.headers[engine] = "whisper.cpp" }
        return response
    }

    /// `POST /detect-language`: the spoken language; the recording is not kept.
    func detectLanguage(request: Request, context: Context) async throws -> DetectedLanguage {
        let values = OptionValues(query: request.options)
        let form = try WebServiceForm(values, models: transcriber.models)
        let upload = try await read(request, values, context)
        let transcription = try await transcriber.start(upload, as: form.request, isKept: false, context: context).untilLanguage()
        guard let language = transcription.language.flatMap(Language.init(code:)) else {
            throw APIError(
                status: .unprocessableContent,
                code: "no_speech",
                detail: "No speech was found, so no language could be detected."
            )
        }
        return DetectedLanguage(
            detectedLanguage: language.englishName.lowercased(),
            languageCode: language.code,
            confidence: transcription.languageProbability ?? 1
        )
    }

    /// Reads the file; with `encode=false` it is bare sound, to which a WAV header is added.
    private func read(_ request: Request, _ values: OptionValues, _ context: Context) async throws -> Upload {
        let isBare = try values.flag("encode") == false
        let field = UploadReader.FileField(name: "audio_file", header: isBare ? StreamedWAV.speech : nil)
        var upload = try await transcriber.readForm(request, context: context, file: field) { _ in }.upload
        // Bazarr names the video that the sound is from.
        if let video = values["video_file"] { upload.name = video }
        if isBare {
            upload.declaredType = "audio/wav"
            if !upload.name.lowercased().hasSuffix(".wav") { upload.name += ".wav" }
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

/// The transcript as OpenAI's Whisper writes it.
private struct WebServiceResult: Encodable {
    let text: String
    let segments: [WhisperSegment]
    let language: String?
}

/// The spoken language.
struct DetectedLanguage: ResponseEncodable, Sendable {
    /// The English name in lower case.
    let detectedLanguage: String
    let languageCode: String
    /// The probability of the language.
    let confidence: Double
}
