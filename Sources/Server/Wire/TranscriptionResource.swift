import Archive
import Foundation
import Hummingbird
import Transcripts

/// A transcription as clients see it. The names are those of the API that Earshot replaces, with more beside them.
struct TranscriptionResource: ResponseEncodable, Sendable {
    let id: String
    let audioFileID: String
    /// What somebody called it, or the name of the recording's file.
    let name: String
    let tags: [String]
    /// The revision that the text is of; 0 is the machine's.
    let revision: Int
    /// The transcription in which this one replaces a stretch.
    let rangeOf: String?
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
    let usesVoiceActivity: Bool
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
        case id, name, tags, revision, text, status, language, model, task, progress, options, segments
        case rangeOf = "range_of"
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
        case usesVoiceActivity = "vad_filter_used"
        case wantsEnhancement = "enable_llm_enhancement"
        case enhancedText = "enhanced_text"
        case enhancementTime = "llm_processing_time_seconds"
        case enhancementStatus = "llm_enhancement_status"
        case enhancementError = "llm_error_message"
        case wantsDiacritics = "enable_tashkeel"
    }

    /// - Parameters:
    ///   - revision: The revision that text and segments are of; nil for the one that counts.
    ///   - segments: nil where a list would become too long with them.
    init(
        _ transcription: Transcription,
        text: String,
        revision: Int? = nil,
        estimate: Estimate = Estimate(),
        modelDownload: DownloadResource? = nil,
        segments: [StoredSegment]? = nil
    ) {
        id = transcription.id.wire
        audioFileID = transcription.audioFile.id.wire
        name = transcription.shownName
        tags = transcription.tags
        self.revision = revision ?? transcription.revision
        rangeOf = transcription.rangeOf?.wire
        self.text = text
        status = transcription.state.rawValue
        language = transcription.language
        durationSeconds = (transcription.duration ?? transcription.audioFile.duration)?.seconds
        createdAt = transcription.createdAt.wire
        completedAt = transcription.completedAt?.wire
        errorMessage = transcription.failure?.message
        errorCode = transcription.failure?.code
        model = transcription.request.model
        task = transcription.request.options.translate ? "translate" : "transcribe"
        requestedLanguage = transcription.request.options.language?.code
        usesVoiceActivity = transcription.request.options.voiceActivity != nil
        options = OptionsResource(transcription.request.options)
        languageProbability = transcription.languageProbability
        queuePosition = estimate.queuePosition
        secondsLeft = estimate.timeLeft.map { ($0 / .seconds(1)).rounded(toPlaces: 1) }
        self.modelDownload = modelDownload
        progress = transcription.progress
        processingTimeSeconds = transcription.processingTime == .zero ? nil : transcription.processingTime.seconds
        audioFileOriginalFilename = transcription.audioFile.originalFilename
        audioFileUploadedAt = transcription.audioFile.uploadedAt.wire
        audioFileSizeBytes = transcription.audioFile.sizeBytes
        audioFileMediaType = transcription.audioFile.mediaType
        self.segments = segments?.map(SegmentResource.init)
    }

    /// Every field is always there, `null` where there is nothing to say; only a list's items have no segments.
    func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(id, forKey: .id)
        try fields.encode(audioFileID, forKey: .audioFileID)
        try fields.encode(name, forKey: .name)
        try fields.encode(tags, forKey: .tags)
        try fields.encode(revision, forKey: .revision)
        try fields.encode(rangeOf, forKey: .rangeOf)
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
        try fields.encode(usesVoiceActivity, forKey: .usesVoiceActivity)
        // The old system's clean-up by a language model, which is not there yet.
        try fields.encode(false, forKey: .wantsEnhancement)
        try fields.encodeNil(forKey: .enhancedText)
        try fields.encodeNil(forKey: .enhancementTime)
        try fields.encodeNil(forKey: .enhancementStatus)
        try fields.encodeNil(forKey: .enhancementError)
        try fields.encode(false, forKey: .wantsDiacritics)
    }
}
