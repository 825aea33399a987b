import Archive
import AsyncAlgorithms
import Foundation
import HTTPSupport
import Hummingbird
import Logging
import Transcripts

/// A transcription whose client waits for it in the same request: when the client disconnects, it is deleted.
///
/// It is provisional until the client has its answer; then the settings say whether it stays in the library. A failed one does not: the
/// client knows the error and still has its file.
struct ProvisionalTranscription: Sendable {
    let id: UUID
    /// The client's connection.
    let watch: ConnectionWatch
    private let transcriber: UploadTranscriber
    private let isKept: Bool
    private let upload: Upload
    private let audioFile: AudioFile

    /// - Parameter isKept: Whether the transcription stays in the library when the client has its answer.
    init(
        of upload: Upload,
        as request: TranscriptionRequest,
        isKept: Bool,
        transcriber: UploadTranscriber,
        context: APIContext
    ) async throws {
        watch = try await ConnectionWatch.over(context.channel)
        let accepted = try await transcriber.recordings.acceptUpload(upload, as: request, isProvisional: true).transcription
        (id, audioFile) = (accepted.id, accepted.audioFile)
        (self.upload, self.transcriber, self.isKept) = (upload, transcriber, isKept)
    }

    private var library: Library { transcriber.library }

    /// The finished transcription with its transcript.
    ///
    /// - Throws: `APIError` if the transcription failed, `CancellationError` if the client has disconnected.
    func result() async throws -> (transcription: Transcription, transcript: Transcript) {
        let ended = try await onBehalfOfClient(until: { _ in false }, answer: { ($0, try await transcriber.texts.segments(of: id)) })
        return (ended.0, ended.0.transcript(with: ended.1))
    }

    /// The transcription as soon as its language is known or it has ended; the rest of the work is canceled.
    func untilLanguage() async throws -> Transcription {
        try await onBehalfOfClient(until: { $0.language != nil }, answer: { $0 })
    }

    /// A stream of events as the answer.
    ///
    /// - Parameter source: Ends with the transcription; if the stream ends earlier, the server is stopping.
    func stream(_ source: some EventSource) -> Response {
        var response = Response.events(on: merge(transcriber.hub.changes(of: id), watch.departure()), from: source)
        let body = response.body
        response.body = ResponseBody { writer in
            do {
                try await body.write(writer)
                try await settle()
            } catch {
                await withdraw()
                throw error
            }
        }
        return response
    }

    /// Waits for the transcription and makes the answer of it.
    private func onBehalfOfClient<Value: Sendable>(
        until isReady: @escaping @Sendable (Transcription) -> Bool,
        answer: (Transcription) async throws -> Value
    ) async throws -> Value {
        do {
            let current = try await watch.whileConnected { try await whileProbing(until: isReady) }
            guard let current else {
                try await settle()
                throw APIError(status: .serviceUnavailable, code: "stopping", detail: "The server is stopping. Try again in a moment.")
            }
            if let error = APIError(endOf: current) {
                try await settle()
                throw error
            }
            let value = try await answer(current)
            try await settle()
            return value
        } catch {
            await withdraw()
            throw error
        }
    }

    /// Waits for the transcription, and probes the file meanwhile if that is still to be done; an error of the probe ends the wait. Nil if the
    /// server is stopping.
    ///
    /// The transcription is settled afterwards, not meanwhile: that may delete the file, which the probe would then miss.
    private func whileProbing(until isReady: @escaping @Sendable (Transcription) -> Bool) async throws -> Transcription? {
        guard upload.description == nil, audioFile.duration == nil else {
            return try await transcriber.hub.transcription(id, in: library, when: isReady)
        }
        return try await withThrowingTaskGroup(of: Step.self) { group in
            group.addTask { .transcription(try await transcriber.hub.transcription(id, in: library, when: isReady)) }
            group.addTask {
                try await probe()
                return .probe
            }
            var found: Transcription?
            for try await case .transcription(let transcription) in group {
                found = transcription
                // An error of its own counts, whatever the probe would find.
                if transcription.map({ APIError(endOf: $0) != nil }) ?? true {
                    group.cancelAll()
                    break
                }
            }
            return found
        }
    }

    private enum Step {
        case transcription(Transcription?)
        case probe
    }

    private func probe() async throws {
        var upload = upload
        let recordings = transcriber.recordings
        try await upload.probe(at: recordings.folder.path(of: audioFile.storedFilename), settings: transcriber.settings)
        try await recordings.describe(audioFile.id, mediaType: upload.mediaType, duration: upload.duration)
    }

    /// Keeps or deletes the transcription, as the settings say.
    private func settle() async throws {
        if isKept, try await library.find(id)?.state != .failed {
            try await library.keepProvisional(id)
        } else {
            try await library.withdrawProvisional(id)
        }
    }

    /// Deletes the transcription unless it is kept already.
    private func withdraw() async {
        // A task of its own, because the client's may be canceled and could store nothing.
        await Task {
            do {
                try await library.withdrawProvisional(id)
            } catch {
                Logger.current.warning("Could not delete a transcription whose client has disconnected", metadata: ["error": "\(error)"])
            }
        }.value
    }
}

extension APIError {
    /// The error of a transcription that did not end well; nil if it did, or has not ended.
    init?(endOf transcription: Transcription) {
        switch transcription.state {
        case .pending, .processing, .paused, .completed: return nil
        case .failed: self.init(transcription.failure ?? TranscriptionFailure(code: "engine_failed", message: "The transcription failed."))
        case .cancelled: self.init(status: .gone, code: "cancelled", detail: "The transcription was cancelled.")
        }
    }
}
