import Foundation
import Transcripts

/// A client's request for a transcription.
package struct TranscriptionRequest: Sendable, Hashable {
    /// The name of an installed model.
    package var model: String
    package var options: TranscriptionOptions

    package init(model: String, options: TranscriptionOptions = TranscriptionOptions()) {
        self.model = model
        self.options = options
    }
}

/// An uploaded audio file.
package struct AudioFile: Sendable, Hashable {
    package var id: UUID
    /// The user's name for it.
    package var originalFilename: String
    /// Its name in the folder of recordings.
    package var storedFilename: String
    package var sizeBytes: Int64
    package var mediaType: String
    /// The duration that the container states; nil when it doesn't.
    package var duration: Timestamp?
    package var uploadedAt: Date
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
    /// A name that a user gave it; nil for the name of the recording's file.
    package var name: String?
    package var tags: [String]
    /// The current revision of the text; 0 is the model's.
    package var revision: Int
    /// The transcription in which this one replaces a range when it is complete.
    package var rangeOf: UUID?
    package var state: TranscriptionState
    /// How many channels are transcribed separately; 1 for a mix of all.
    package var channels: Int
    /// The code of the spoken language, once known.
    package var language: String?
    /// The model's probability of the language, 0 to 1; nil where the language was given.
    package var languageProbability: Double?
    /// Every block that starts before this is known.
    package var preparedUntil: Timestamp
    /// Whether every block is known.
    package var isPrepared: Bool
    /// The transcript is complete up to here.
    package var storedUntil: Timestamp
    /// How much of the recording is done, from the start of the part that is transcribed.
    package var processed: Timestamp
    /// The length of the decoded audio, once all of it was decoded.
    package var duration: Timestamp?
    /// The time that the work took so far.
    package var processingTime: Timestamp
    package var failure: TranscriptionFailure?
    /// What is wrong with the recording's file; nil if all of it was read, or it was not read to its end yet.
    package var damage: Damage?
    package var createdAt: Date
    package var completedAt: Date?

    /// Its name in lists and files.
    package var shownName: String { name ?? audioFile.originalFilename }

    /// The language of the text; nil while it is not known.
    package var textLanguage: Language? {
        request.options.translate ? Language(code: "en") : language.flatMap(Language.init(code:))
    }

    /// The length of the part that is transcribed, as far as it is known.
    package var wantedDuration: Timestamp? {
        let start = request.options.start ?? .zero
        guard let end = [duration ?? audioFile.duration, request.options.end].compactMap(\.self).min() else { return nil }
        return max(.zero, end - start)
    }

    /// The share that is done, from 0 to 1.
    package var progress: Double {
        if state == .completed { return 1 }
        guard let total = wantedDuration?.milliseconds, total > 0 else { return 0 }
        return min(0.99, max(0, Double(processed.milliseconds) / Double(total)))
    }
}
