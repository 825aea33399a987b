import Foundation
import Transcripts

/// What a client asks for.
package struct TranscriptionRequest: Sendable, Hashable {
    /// The name of an installed model.
    package var model: String
    /// How the recording is to be transcribed.
    package var options: TranscriptionOptions

    package init(model: String, options: TranscriptionOptions = TranscriptionOptions()) {
        self.model = model
        self.options = options
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
    /// What somebody called it; nil for the name of the recording's file.
    package var name: String?
    package var tags: [String]
    /// The revision of the text that counts; 0 is the machine's.
    package var revision: Int
    /// The transcription whose stretch this one replaces when it is done.
    package var rangeOf: UUID?
    package var state: TranscriptionState
    /// How many channels are transcribed one by one; 1 for a mix of all.
    package var channels: Int
    /// What was spoken, once known.
    package var language: String?
    /// How sure the model was of the language, 0 to 1; nil where it was asked for.
    package var languageProbability: Double?
    /// Every block that begins before this is known.
    package var preparedUntil: Timestamp
    /// Whether every block is known.
    package var isPrepared: Bool
    /// Up to where the transcript is complete.
    package var storedUntil: Timestamp
    /// How much of the recording is dealt with, counted from the beginning of what is wanted.
    package var heard: Timestamp
    /// The length of the decoded audio, once all was decoded.
    package var duration: Timestamp?
    /// How long the work took so far.
    package var processingTime: Timestamp
    package var failure: TranscriptionFailure?
    package var createdAt: Date
    package var completedAt: Date?

    /// What to call it in lists and files.
    package var shownName: String { name ?? audioFile.originalFilename }

    /// The language that the text is in; nil while it is not known.
    package var textLanguage: Language? {
        request.options.translate ? Language(code: "en") : language.flatMap(Language.init(code:))
    }

    /// The length of what is wanted of the recording, as far as that can be told.
    package var wantedDuration: Timestamp? {
        let start = request.options.start ?? .zero
        guard let end = [duration ?? audioFile.duration, request.options.end].compactMap(\.self).min() else { return nil }
        return max(.zero, end - start)
    }

    /// How much is done, from 0 to 1.
    package var progress: Double {
        if state == .completed { return 1 }
        guard let total = wantedDuration?.milliseconds, total > 0 else { return 0 }
        return min(0.99, max(0, Double(heard.milliseconds) / Double(total)))
    }
}
