import Archive
import Foundation
import Hummingbird
import Transcripts

/// A transcription as clients see it. The names are those of the API that Earshot replaces, with more beside them.
struct TranscriptionResource: ResponseEncodable, Sendable {
    let id: String
    let audioFileID: String
    let text: String
    let status: String
    let language: String?
    let durationSeconds: Double?
    let createdAt: String
    let completedAt: String?
    let errorMessage: String?
    let errorCode: String?
    let model: String
    let task: String
    let requestedLanguage: String?
    let progress: Double
    let processingTimeSeconds: Double?
    let audioFileOriginalFilename: String
    let audioFileUploadedAt: String
    let audioFileSizeBytes: Int64
    let audioFileMediaType: String
    /// How the recording was asked to be transcribed, by the names of the options; only what is not the default.
    let options: OptionsResource
    let languageProbability: Double?
    /// Its place among the recordings that wait, from 1.
    let queuePosition: Int?
    let secondsLeft: Double?
    /// How the download stands that it waits for; nil where it waits for none.
    let modelDownload: DownloadResource?
    let segments: [SegmentResource]?

    enum CodingKeys: String, CodingKey {
        case id, text, status, language, model, task, progress, options, segments
        case languageProbability = "language_probability"
        case queuePosition = "queue_position"
        case secondsLeft = "estimated_seconds_left"
        case modelDownload = "model_download"
        case audioFileID = "audio_file_id"
        case durationSeconds = "duration_seconds"
        case createdAt = "created_at"
        case completedAt = "completed_at"
        case errorMessage = "error_message"
        case errorCode = "error_code"
        case requestedLanguage = "requested_language"
        case processingTimeSeconds = "processing_time_seconds"
        case audioFileOriginalFilename = "audio_file_original_filename"
        case audioFileUploadedAt = "audio_file_uploaded_at"
        case audioFileSizeBytes = "audio_file_size_bytes"
        case audioFileMediaType = "audio_file_media_type"
    }

    /// - Parameter segments: nil where a list would become too long with them.
    init(
        _ transcription: Transcription,
        text: String,
        outlook: Outlook = Outlook(),
        modelDownload: DownloadResource? = nil,
        segments: [StoredSegment]? = nil
    ) {
        id = transcription.id.uuidString.lowercased()
        audioFileID = transcription.audioFile.id.uuidString.lowercased()
        self.text = text
        status = transcription.state.rawValue
        language = transcription.language
        durationSeconds = (transcription.duration ?? transcription.audioFile.duration)?.seconds
        createdAt = Self.format(transcription.createdAt)
        completedAt = transcription.completedAt.map(Self.format)
        errorMessage = transcription.failure?.message
        errorCode = transcription.failure?.code
        model = transcription.request.model
        task = transcription.request.options.translate ? "translate" : "transcribe"
        requestedLanguage = transcription.request.options.language?.code
        options = OptionsResource(transcription.request.options)
        languageProbability = transcription.languageProbability
        queuePosition = outlook.queuePosition
        secondsLeft = outlook.timeLeft.map { ($0 / .seconds(1)).rounded(toPlaces: 1) }
        self.modelDownload = modelDownload
        progress = transcription.progress
        processingTimeSeconds = transcription.processingTime == .zero ? nil : transcription.processingTime.seconds
        audioFileOriginalFilename = transcription.audioFile.originalFilename
        audioFileUploadedAt = Self.format(transcription.audioFile.uploadedAt)
        audioFileSizeBytes = transcription.audioFile.sizeBytes
        audioFileMediaType = transcription.audioFile.mediaType
        self.segments = segments?.map(SegmentResource.init)
    }

    /// Every field is always there, `null` where there is nothing to say; only a list's items have no segments.
    func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(id, forKey: .id)
        try fields.encode(audioFileID, forKey: .audioFileID)
        try fields.encode(text, forKey: .text)
        try fields.encode(status, forKey: .status)
        try fields.encode(language, forKey: .language)
        try fields.encode(durationSeconds, forKey: .durationSeconds)
        try fields.encode(createdAt, forKey: .createdAt)
        try fields.encode(completedAt, forKey: .completedAt)
        try fields.encode(errorMessage, forKey: .errorMessage)
        try fields.encode(errorCode, forKey: .errorCode)
        try fields.encode(model, forKey: .model)
        try fields.encode(task, forKey: .task)
        try fields.encode(requestedLanguage, forKey: .requestedLanguage)
        try fields.encode(progress, forKey: .progress)
        try fields.encode(processingTimeSeconds, forKey: .processingTimeSeconds)
        try fields.encode(audioFileOriginalFilename, forKey: .audioFileOriginalFilename)
        try fields.encode(audioFileUploadedAt, forKey: .audioFileUploadedAt)
        try fields.encode(audioFileSizeBytes, forKey: .audioFileSizeBytes)
        try fields.encode(audioFileMediaType, forKey: .audioFileMediaType)
        try fields.encode(options, forKey: .options)
        try fields.encode(languageProbability, forKey: .languageProbability)
        try fields.encode(queuePosition, forKey: .queuePosition)
        try fields.encode(secondsLeft, forKey: .secondsLeft)
        try fields.encode(modelDownload, forKey: .modelDownload)
        try fields.encodeIfPresent(segments, forKey: .segments)
    }

    private static func format(_ date: Date) -> String {
        date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }
}

/// A page of transcriptions.
struct TranscriptionList: ResponseEncodable, Sendable {
    let items: [TranscriptionResource]
    /// How many there are in all, not on this page.
    let total: Int
    let limit: Int
    let offset: Int
}

extension Double {
    /// The nearest number with so many decimals.
    func rounded(toPlaces places: Int) -> Double {
        let scale = (0..<places).reduce(1.0) { scale, _ in scale * 10 }
        return (self * scale).rounded() / scale
    }
}
