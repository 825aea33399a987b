import Archive
import Basics
import Foundation
import Hummingbird
import Transcripts

/// A transcription in an answer; fields that the predecessor's API had keep its names.
struct TranscriptionResource: ResponseEncodable, Sendable {
    let id: String
    let audioFileID: String
    /// The name that a user gave it, or else the name of the recording's file.
    let name: String
    let tags: [String]
    /// The revision of text and segments; 0 is the model's.
    let revision: Int
    /// The transcription in which this one replaces a range.
    @Null var rangeOf: String?
    let text: String
    /// Whether the text goes on; lists have only beginnings.
    let textTruncated: Bool
    let status: String
    @Null var language: String?
    @Null var languageProbability: Double?
    @Null var requestedLanguage: String?
    @Null var durationSeconds: Double?
    let createdAt: String
    @Null var completedAt: String?
    @Null var errorMessage: String?
    @Null var errorCode: String?
    let model: String
    let task: String
    let progress: Double
    @Null var processingTimeSeconds: Double?
    let audioFileOriginalFilename: String
    let audioFileUploadedAt: String
    let audioFileSizeBytes: Int64
    let audioFileMediaType: String
    let vadFilterUsed: Bool
    let options: OptionsResource
    /// Its place among the recordings that wait, from 1.
    @Null var queuePosition: Int?
    @Null var estimatedSecondsLeft: Double?
    /// Why nothing of it is being done, though workers run; only in the answer about one transcription.
    @Null var heldBy: HoldResource?
    /// Whether the file could only be read in part, and what is wrong with it.
    let damaged: Bool
    @Null var damage: DamageResource?
    /// The state of the download that it waits for.
    @Null var modelDownload: DownloadResource?
    /// Left out in lists, which would become too long.
    let segments: [SegmentResource]?

    // The predecessor's clean-up by a language model, which Earshot does not have.
    let enableLlmEnhancement = false
    @Null var enhancedText: String? = nil
    @Null var llmProcessingTimeSeconds: Double? = nil
    @Null var llmEnhancementStatus: String? = nil
    @Null var llmErrorMessage: String? = nil
    let enableTashkeel = false

    /// - Parameters:
    ///   - isTruncated: Whether the text is only its beginning.
    ///   - revision: The revision of text and segments; nil for the current one.
    ///   - segments: Nil in lists.
    init(
        _ transcription: Transcription,
        text: String,
        isTruncated: Bool = false,
        revision: Int? = nil,
        estimate: Estimate = Estimate(),
        modelDownload: DownloadResource? = nil,
        segments: [StoredSegment]? = nil
    ) {
        let (request, file) = (transcription.request, transcription.audioFile)
        id = transcription.id.lowercased
        audioFileID = file.id.lowercased
        name = transcription.shownName
        tags = transcription.tags
        self.revision = revision ?? transcription.revision
        rangeOf = transcription.rangeOf?.lowercased
        self.text = text
        textTruncated = isTruncated
        status = transcription.state.rawValue
        language = transcription.language
        languageProbability = transcription.languageProbability
        requestedLanguage = request.options.language?.code
        durationSeconds = (transcription.duration ?? file.duration)?.seconds
        createdAt = transcription.createdAt.iso8601
        completedAt = transcription.completedAt?.iso8601
        errorMessage = transcription.failure?.message
        errorCode = transcription.failure?.code
        model = request.model
        task = request.options.translate ? "translate" : "transcribe"
        progress = transcription.progress
        processingTimeSeconds = transcription.processingTime == .zero ? nil : transcription.processingTime.seconds
        audioFileOriginalFilename = file.originalFilename
        audioFileUploadedAt = file.uploadedAt.iso8601
        audioFileSizeBytes = file.sizeBytes
        audioFileMediaType = file.mediaType
        vadFilterUsed = request.options.voiceActivity != nil
        options = OptionsResource(request.options)
        queuePosition = estimate.queuePosition
        estimatedSecondsLeft = estimate.timeLeft.map { $0.seconds.rounded(toPlaces: 1) }
        heldBy = estimate.hold.map(HoldResource.init)
        damaged = transcription.damage != nil
        damage = transcription.damage.map(DamageResource.init)
        self.modelDownload = modelDownload
        self.segments = segments?.map(SegmentResource.init)
    }
}
