import Archive
import Hummingbird
import ModelLibrary
import Transcripts

/// Transcribes uploads for clients that expect the transcript as the answer.
struct UploadTranscriber: Sendable {
    let recordings: RecordingStore
    let library: Library
    let texts: TextStore
    let hub: EventHub
    let models: ModelLibrary
    let settings: ServerSettings

    /// Reads a form with a recording; see `UploadReader.readForm`.
    func readForm<Options>(
        _ request: Request,
        context: APIContext,
        file: UploadReader.FileField = UploadReader.FileField(),
        judging judge: (UploadFields) throws -> Options
    ) async throws -> (upload: Upload, options: Options) {
        try await UploadReader(folder: recordings.folder, settings: settings, channel: context.channel)
            .readForm(request, file: file, judging: judge)
    }

    /// An upload whose file is probed.
    func probed(_ upload: Upload) async throws -> Upload {
        var upload = upload
        try await upload.probe(settings: settings)
        return upload
    }

    /// Starts a transcription. To save the client time, the file is probed while the work begins, and the first failure of the two ends
    /// both. It is probed before if the number of channels is needed or a model would be downloaded.
    ///
    /// - Parameter isKept: Whether the transcription stays in the library; nil for the server's setting.
    func start(
        _ upload: Upload,
        as request: TranscriptionRequest,
        isKept: Bool? = nil,
        context: APIContext
    ) async throws -> ProvisionalTranscription {
        let isInstalled = models.models().contains { $0.name == request.model }
        return try await ProvisionalTranscription(
            of: isInstalled && !request.options.separatesChannels ? upload : probed(upload),
            as: request,
            isKept: isKept ?? settings.keepsAwaitedTranscriptions,
            transcriber: self,
            context: context
        )
    }
}
