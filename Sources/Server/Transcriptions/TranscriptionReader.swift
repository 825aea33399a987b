import Archive
import Basics
import Foundation
import Hummingbird
import Transcripts

/// Reads transcriptions and makes answers of them.
struct TranscriptionReader: Sendable {
    let library: Library
    let texts: TextStore
    let hub: EventHub
    let downloads: ModelDownloads

    /// The transcription in the path.
    func find(_ context: APIContext) async throws -> Transcription {
        let id = try context.transcriptionID()
        guard let transcription = try await library.find(id) else { throw ArchiveError.transcriptionNotFound(id) }
        return transcription
    }

    /// A transcription with its segments.
    ///
    /// - Parameters:
    ///   - revision: The revision of text and segments; nil for the current one.
    ///   - segments: Its segments, if they are known already.
    func resource(
        _ transcription: Transcription,
        revision: Int? = nil,
        segments known: [StoredSegment]? = nil
    ) async throws -> TranscriptionResource {
        let segments: [StoredSegment] =
            if let known { known } else { try await texts.segments(of: transcription.id, revision: revision) }
        return TranscriptionResource(
            transcription,
            text: transcription.transcript(with: segments).text,
            revision: revision,
            estimate: try await library.estimate(of: transcription),
            modelDownload: await downloads.downloadAwaited(by: transcription),
            segments: segments
        )
    }

    /// Transcriptions with the beginnings of their texts and without segments, for lists.
    func resources(_ transcriptions: [Transcription]) async throws -> [TranscriptionResource] {
        let beginnings = try await library.textBeginnings(of: transcriptions)
        return transcriptions.map {
            let beginning = beginnings[$0.id] ?? TextBeginning()
            return TranscriptionResource($0, text: beginning.text, isTruncated: beginning.isTruncated)
        }
    }

    /// The answer to a request for a transcription: 201 for a new one, 200 for an existing one.
    ///
    /// - Parameter wait: How long to wait for the end of the transcription.
    func response(
        _ accepted: AcceptedTranscription,
        within wait: Duration?,
        to request: Request,
        context: APIContext
    ) async throws -> Response {
        var transcription = accepted.transcription
        if let wait { transcription = try await finished(transcription, within: wait) }
        var response = try await resource(transcription).response(from: request, context: context)
        response.status = accepted.isNew ? .created : .ok
        response.headers[.location] = "/api/v1/transcriptions/\(transcription.id.lowercased)"
        return response
    }

    private func finished(_ transcription: Transcription, within wait: Duration) async throws -> Transcription {
        let id = transcription.id
        return try await withThrowingTaskGroup(of: Transcription?.self) { group in
            group.addTask { try await hub.transcription(id, in: library) }
            group.addTask {
                try await Task.sleep(for: wait)
                return nil
            }
            let first = try await group.next() ?? nil
            group.cancelAll()
            return if let first { first } else { try await library.find(id) ?? transcription }
        }
    }
}

extension OptionValues {
    /// The requested revision; nil for the current one.
    func revision() throws -> Int? {
        try integer("revision", in: 0...Int(Int32.max))
    }
}

extension Transcription {
    /// The transcript with these segments.
    func transcript(with segments: [StoredSegment]) -> Transcript {
        Transcript(
            language: language.flatMap(Language.init(code:)),
            duration: duration ?? audioFile.duration ?? storedUntil,
            segments: segments.map(\.segment),
            model: request.model,
            isTranslation: request.options.translate
        )
    }

    /// The name without the extension of the recording's file.
    var title: String {
        let filename = audioFile.originalFilename
        guard let dot = filename.lastIndex(of: "."), dot != filename.startIndex else { return shownName }
        let ending = filename[dot...]
        return shownName.hasSuffix(ending) && shownName.count > ending.count ? String(shownName.dropLast(ending.count)) : shownName
    }
}
