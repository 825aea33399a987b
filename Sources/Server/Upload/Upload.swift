import Archive
import Audio
import SystemPackage
import Transcripts

/// A recording with options, received whole: the file lies flushed on disk.
struct Upload: Sendable {
    let file: ReceivedFile
    var filename: String
    /// What is in it; nil as long as nobody has looked.
    private(set) var description: AudioDescription?
    /// What the client says that it is.
    var declaredType: String?
    /// What else was said with the file, by name.
    let fields: UploadFields
    private let arrivalName: String

    /// A file that nobody has looked into.
    ///
    /// - Throws: `AudioError` where there is nothing in it; the file stays where it is.
    init(_ arrival: Arrival) throws {
        guard arrival.file.size > 0 else { throw AudioError.empty }
        file = arrival.file
        filename = arrival.filename
        arrivalName = arrival.filename
        declaredType = arrival.mediaType
        fields = arrival.fields
    }

    /// Looks into a file that has arrived.
    ///
    /// - Throws: `AudioError` where the file is no recording, or too long; the file stays where it is.
    init(examining arrival: Arrival, settings: ServerSettings) async throws {
        try self.init(arrival)
        try await examine(settings: settings)
    }

    /// Looks into the file, unless that has been done.
    ///
    /// - Parameter path: Where it lies now; nil for where it arrived.
    /// - Throws: `AudioError` where the file is no recording, or too long; the file stays where it is.
    mutating func examine(at path: FilePath? = nil, settings: ServerSettings) async throws {
        guard description == nil else { return }
        let found = try await AudioProbe().describe(path ?? file.path)
        if let limit = settings.maximumDuration, let duration = found.duration, Duration.milliseconds(duration) > limit {
            throw AudioError.tooLong(limitSeconds: Int(clamping: limit.components.seconds))
        }
        description = found
    }

    /// What to give it back as.
    var mediaType: String {
        MediaTypes.type(declared: declaredType, filename: arrivalName, hasVideo: description?.hasVideo ?? true)
    }

    /// What the container states, if it does.
    var duration: Timestamp? { description?.duration.map(Timestamp.init(milliseconds:)) }
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
            duration: upload.duration,
            channels: request.options.separatesChannels ? max(1, upload.description?.channels ?? 1) : 1,
            request: request,
            wantsDuplicate: wantsDuplicate,
            isProvisional: isProvisional
        )
    }
}
