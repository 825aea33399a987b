import Archive
import Audio
import Transcripts

/// A recording with options, received whole: the file lies flushed on disk and has been found to hold sound.
struct Upload: Sendable {
    let file: ReceivedFile
    var filename: String
    var mediaType: String
    let description: AudioDescription
    /// What else was said with the file, by name.
    let fields: UploadFields

    /// Looks into a file that has arrived.
    ///
    /// - Throws: `AudioError` where the file is no recording, or too long; the file stays where it is.
    init(examining arrival: Arrival, settings: ServerSettings) async throws {
        guard arrival.file.size > 0 else { throw AudioError.empty }
        description = try await AudioProbe().describe(arrival.file.path)
        if let limit = settings.maximumDuration?.components.seconds, let duration = description.duration, duration > Int(limit) * 1000 {
            throw AudioError.tooLong(limitSeconds: Int(limit))
        }
        file = arrival.file
        filename = arrival.filename
        mediaType = MediaTypes.type(declared: arrival.mediaType, filename: arrival.filename, hasVideo: description.hasVideo)
        fields = arrival.fields
    }
}

/// A file that has arrived, by whichever way, and that nobody has looked into yet.
struct Arrival: Sendable {
    let file: ReceivedFile
    /// What the client calls the file; empty if it doesn't.
    let filename: String
    /// What the client says that it is.
    let mediaType: String?
    var fields: UploadFields = [:]
}

/// The values that come with an upload, by name, each in the order in which they came.
typealias UploadFields = [String: [String]]

extension Archive {
    /// Keeps an upload and queues its transcription: the one place where all ways of arrival end.
    ///
    /// If this throws, the file is discarded, unless it came in several requests.
    func accept(
        _ upload: Upload,
        as request: TranscriptionRequest,
        wantsDuplicate: Bool = false,
        isProvisional: Bool = false
    ) async throws -> AcceptedTranscription {
        try await accept(
            upload.file,
            filename: upload.filename,
            mediaType: upload.mediaType,
            duration: upload.description.duration.map(Timestamp.init(milliseconds:)),
            channels: request.options.separatesChannels ? max(1, upload.description.channels) : 1,
            request: request,
            wantsDuplicate: wantsDuplicate,
            isProvisional: isProvisional
        )
    }
}
