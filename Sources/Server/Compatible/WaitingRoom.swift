import Archive
import Hummingbird
import ModelLibrary
import Transcripts

/// What the routes share that answer an upload with its transcript.
struct WaitingRoom: Sendable {
    let recordings: RecordingStore
    let library: Library
    let texts: TextStore
    let hub: EventHub
    let models: ModelLibrary
    let settings: ServerSettings

    /// Reads a form with a recording to its end; see `Upload.receive(form:)`.
    func receive<Options>(
        _ request: Request,
        file: FileField = FileField(),
        options: (UploadFields) throws -> Options
    ) async throws -> (upload: Upload, options: Options) {
        try await Upload.receive(form: request, file: file, into: recordings.folder, settings: settings, options: options)
    }

    /// Probes an upload before it is accepted.
    func examined(_ upload: Upload) async throws -> Upload {
        var upload = upload
        try await upload.examine(settings: settings)
        return upload
    }

    /// Takes an upload in for a client that waits. To spare the client the time, the file is looked into while the work begins, and the
    /// client is told as soon as one of both fails; but before, where its channels must be known, or a model would be fetched for it.
    ///
    /// - Parameter isKept: Whether it stays in the library afterwards; nil to do as the settings say.
    func admit(
        _ upload: Upload,
        as request: TranscriptionRequest,
        isKept: Bool? = nil,
        context: APIContext
    ) async throws -> AwaitedTranscription {
        let isAtHand = models.models().contains { $0.name == request.model }
        return try await AwaitedTranscription(
            of: isAtHand && !request.options.separatesChannels ? upload : examined(upload),
            as: request,
            isKept: isKept ?? settings.keepsAwaitedTranscriptions,
            room: self,
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
