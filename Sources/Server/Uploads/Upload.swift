import Archive
import Audio
import SystemPackage
import Transcripts

/// A received recording with the client's description of it.
struct Upload: Sendable {
    let file: ReceivedFile
    /// The name to store, which the client gave unless it is replaced; empty if there is none.
    var name: String
    /// The media type that the client declared.
    var declaredType: String?
    /// The content of the file; nil until it is probed.
    private(set) var description: AudioDescription?
    private let filename: String

    init(file: ReceivedFile, filename: String, declaredType: String?) {
        self.file = file
        self.filename = filename
        self.declaredType = declaredType
        name = filename
    }

    /// Probes the file, unless that has been done.
    ///
    /// - Parameter path: Where the file is stored by now; nil if it was not moved.
    /// - Throws: `AudioError` if the file is no recording, or too long.
    mutating func probe(at path: FilePath? = nil, settings: ServerSettings) async throws {
        guard description == nil else { return }
        let found = try await AudioProbe().describe(path ?? file.path)
        if let limit = settings.maximumDuration, let duration = found.duration, Duration.milliseconds(duration) > limit {
            throw AudioError.tooLong(limitSeconds: Int(clamping: limit.components.seconds))
        }
        description = found
    }

    /// The media type with which the file is served.
    var mediaType: String {
        MediaTypes.type(declared: declaredType, filename: filename, hasVideo: description?.hasVideo ?? true)
    }

    /// The duration that the container states, if it does.
    var duration: Timestamp? { description?.duration.map(Timestamp.init(milliseconds:)) }
}

/// The values of fields that come with an upload, by name and in the order of their arrival.
typealias UploadFields = [String: [String]]

extension RecordingStore {
    /// Stores an upload and queues its transcription: every way of uploading ends here.
    func acceptUpload(
        _ upload: Upload,
        as request: TranscriptionRequest,
        wantsDuplicate: Bool = false,
        isProvisional: Bool = false
    ) async throws -> AcceptedTranscription {
        try await accept(
            upload.file,
            filename: upload.name,
            mediaType: upload.mediaType,
            duration: upload.duration,
            channels: request.options.separatesChannels ? max(1, upload.description?.channels ?? 1) : 1,
            request: request,
            wantsDuplicate: wantsDuplicate,
            isProvisional: isProvisional
        )
    }
}
