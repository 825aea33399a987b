import Archive
import Hummingbird
import ModelLibrary
import Transcripts

/// What the routes share that answer an upload with its transcript.
struct WaitingRoom: Sendable {
    let archive: Archive
    let hub: EventHub
    let models: ModelLibrary
    let settings: ServerSettings

    /// Reads a form with a recording to its end; see `Upload.receive(form:)`.
    func receive<Options>(
        _ request: Request,
        file: FileField = FileField(),
        options: (UploadFields) throws -> Options
    ) async throws -> (upload: Upload, options: Options) {
        try await Upload.receive(form: request, file: file, into: archive.files, settings: settings, options: options)
    }

    /// Takes an upload in for a client that waits.
    ///
    /// - Parameter isKept: Whether it stays in the library afterwards; nil to do as the settings say.
    func admit(
        _ upload: Upload,
        as request: TranscriptionRequest,
        isKept: Bool? = nil,
        context: APIContext
    ) async throws -> AwaitedTranscription {
        try await AwaitedTranscription(
            of: upload,
            as: request,
            isKept: isKept ?? settings.keepsAwaitedTranscriptions,
            archive: archive,
            hub: hub,
            context: context
        )
    }
}

extension Response {
    /// An answer of text.
    static func text(_ text: String, as mediaType: String = "text/plain; charset=utf-8") -> Response {
        Response(status: .ok, headers: [.contentType: mediaType], body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}
