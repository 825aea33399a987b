import Transcripts

/// A transcription as the API describes it, without the fields that the website does not use.
struct TranscriptionResource: Decodable, Sendable {
    let id: String
    let status: String
    let text: String?
    let language: String?
    let durationSeconds: Double?
    let createdAt: String?
    let completedAt: String?
    let errorMessage: String?
    let model: String?
    let task: String?
    let name: String?
    let audioFileOriginalFilename: String?
    let processingTimeSeconds: Double?
    let progress: Double?
    let queuePosition: Int?
    let heldBy: HoldResource?
    let damage: DamageResource?
    let segments: [SegmentResource]?

    /// The name that a user gave it, or that of its file without the extension.
    var title: String {
        guard let name, name != audioFileOriginalFilename else { return Wording.title(of: audioFileOriginalFilename) }
        return name
    }
}

/// A fault of the machine for which a transcription waits.
struct HoldResource: Decodable, Sendable {
    let message: String
}

/// What is wrong with a file that could only be read in part.
struct DamageResource: Decodable, Sendable {
    let message: String
    let readSeconds: Double
}

/// A segment; times in seconds.
struct SegmentResource: Decodable, Sendable {
    let id: Int?
    let start: Double
    let end: Double
    let text: String
    let speaker: String?

    var segment: Segment {
        var segment = Segment(start: Timestamp(seconds: start), end: Timestamp(seconds: end), text: text)
        segment.speaker = speaker
        return segment
    }
}

/// The removals of a transcript.
struct RemovalList: Decodable, Sendable {
    let items: [RemovalResource]
}

/// A segment that was removed from a transcript, and why.
struct RemovalResource: Decodable, Sendable {
    let id: String
    let reason: String
    let segment: SegmentResource
}

/// One page of transcriptions, newest first.
struct TranscriptionList: Decodable, Sendable {
    let items: [TranscriptionResource]
    let total: Int
}

/// The models that the API offers.
struct ModelList: Decodable, Sendable {
    let models: [ModelResource]
}

/// A model, its size in bytes, and whether it is installed.
struct ModelResource: Decodable, Sendable {
    let code: String
    let name: String?
    let description: String?
    let sizeBytes: Int64?
    let isCached: Bool?
    let isDemo: Bool?
    let isDefault: Bool?
    let status: String?
    /// Nil if it cannot be downloaded.
    let downloadSizeMb: Int?

    var isDamaged: Bool { status == "damaged" }
}
