/// A transcription as the API describes it; fields that the website does not show are left out.
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
    let segments: [SegmentResource]?

    /// What to call it: the name that somebody gave it, or that of its file without the ending.
    var title: String {
        guard let name, name != audioFileOriginalFilename else { return Wording.title(of: audioFileOriginalFilename) }
        return name
    }
}

/// A piece of a transcript; times in seconds.
struct SegmentResource: Decodable, Sendable {
    let id: Int?
    let start: Double
    let end: Double
    let text: String
    let speaker: String?
}

/// What was heard but taken out of a transcript.
struct RemovalList: Decodable, Sendable {
    let items: [RemovalResource]
}

/// A segment that was taken out, and why.
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

/// A model, its size in bytes, and whether it is on the disk.
struct ModelResource: Decodable, Sendable {
    let code: String
    let name: String?
    let description: String?
    let sizeBytes: Int64?
    let isCached: Bool?
    let isDemo: Bool?
    let isDefault: Bool?
}
