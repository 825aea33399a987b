import Foundation
import Transcripts

/// Where a transcription stands.
package enum TranscriptionState: String, Sendable, CaseIterable {
    case pending, processing, completed, failed, cancelled

    /// Whether nothing more will happen by itself.
    package var isFinal: Bool {
        switch self {
        case .pending, .processing: false
        case .completed, .failed, .cancelled: true
        }
    }
}

/// What the engine is asked to do with the speech.
package enum TranscriptionTask: String, Sendable, CaseIterable {
    /// Write down what is said.
    case transcribe
    /// Write it down in English.
    case translate
}

/// What a client asks for.
package struct TranscriptionRequest: Sendable, Hashable {
    /// The name of an installed model.
    package var model: String
    /// The language spoken, as a code; nil to detect it.
    package var language: String?
    package var task: TranscriptionTask
    /// Words and names to expect.
    package var prompt: String?

    package init(model: String, language: String? = nil, task: TranscriptionTask = .transcribe, prompt: String? = nil) {
        self.model = model
        self.language = language
        self.task = task
        self.prompt = prompt
    }
}

/// An uploaded audio file.
package struct AudioFile: Sendable, Hashable {
    package var id: UUID
    /// What the user called it.
    package var originalFilename: String
    /// What it is called in the uploads folder.
    package var storedFilename: String
    package var sizeBytes: Int64
    package var mediaType: String
    /// What the container states; nil when it doesn't.
    package var duration: Timestamp?
    package var uploadedAt: Date

    package init(
        id: UUID,
        originalFilename: String,
        storedFilename: String,
        sizeBytes: Int64,
        mediaType: String,
        duration: Timestamp?,
        uploadedAt: Date
    ) {
        self.id = id
        self.originalFilename = originalFilename
        self.storedFilename = storedFilename
        self.sizeBytes = sizeBytes
        self.mediaType = mediaType
        self.duration = duration
        self.uploadedAt = uploadedAt
    }
}

/// Why a transcription failed.
package struct TranscriptionFailure: Sendable, Hashable {
    /// One of a bounded set of words, for programs.
    package var code: String
    /// A sentence for people, without paths or internals.
    package var message: String

    package init(code: String, message: String) {
        self.code = code
        self.message = message
    }
}

/// One run of one model over one audio file.
package struct Transcription: Sendable, Hashable {
    package var id: UUID
    package var audioFile: AudioFile
    package var request: TranscriptionRequest
    package var state: TranscriptionState
    /// What was spoken, once known.
    package var language: String?
    /// Up to where segments are committed; work resumes here.
    package var storedUntil: Timestamp
    /// Up to where the engine has listened.
    package var heardUntil: Timestamp
    /// The length of the decoded audio, once finished.
    package var duration: Timestamp?
    /// How long the work took so far.
    package var processingTime: Timestamp
    package var failure: TranscriptionFailure?
    package var createdAt: Date
    package var completedAt: Date?

    /// The language that the text is in; nil while it is not known.
    package var textLanguage: Language? {
        request.task == .translate ? Language(code: "en") : language.flatMap(Language.init(code:))
    }

    /// How much is done, from 0 to 1.
    package var progress: Double {
        if state == .completed { return 1 }
        guard let total = (duration ?? audioFile.duration)?.milliseconds, total > 0 else { return 0 }
        return min(0.99, Double(max(heardUntil, storedUntil).milliseconds) / Double(total))
    }
}

/// A segment with its place in the transcript.
package struct StoredSegment: Sendable, Hashable {
    /// Counts from 0 without gaps.
    package var ordinal: Int
    package var segment: Segment
}

/// A part of a longer list.
package struct Page<Item: Sendable>: Sendable {
    package var items: [Item]
    /// How many there are in all.
    package var total: Int
}
