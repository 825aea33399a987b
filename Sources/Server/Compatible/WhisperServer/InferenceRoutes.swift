import Archive
import Hummingbird
import Transcripts

/// The API of whisper.cpp's server.
struct InferenceRoutes: Sendable {
    typealias Context = APIContext

    let transcriber: UploadTranscriber

    /// `POST /inference`: the transcript in the requested format.
    func inference(request: Request, context: Context) async throws -> Response {
        let (upload, form) = try await transcriber.readForm(request, context: context) {
            try InferenceForm($0, models: transcriber.models)
        }
        let (transcription, transcript) = try await transcriber.start(upload, as: form.request, context: context).result()
        switch form.format {
        case .json: return try ["text": Self.text(of: transcript)].response(from: request, context: context)
        // whisper.cpp's server labels it HTML, which would let the words of a recording run as a page.
        case .text: return .text(Self.text(of: transcript))
        case .srt: return .text(Self.subtitles(.srt, of: transcript), as: "application/x-subrip; charset=utf-8")
        case .vtt: return .text(Self.subtitles(.vtt, of: transcript), as: "text/vtt; charset=utf-8")
        case .verboseJSON:
            return try InferenceResult(
                transcript,
                hasTimes: form.hasTimes,
                languageProbability: transcription.languageProbability
            ).response(from: request, context: context)
        }
    }

    /// One line per segment, with the speaker's number if there are several, as whisper.cpp's server writes it.
    static func text(of transcript: Transcript) -> String {
        transcript.segments.map { segment in
            let speaker = InferenceResult.speaker(of: segment).map { "(speaker \($0))" } ?? ""
            return speaker + transcript.separator + segment.text + "\n"
        }
        .joined()
    }

    private static func subtitles(_ format: TranscriptFormat, of transcript: Transcript) -> String {
        String(decoding: format.data(of: transcript, captions: nil), as: UTF8.self)
    }
}
