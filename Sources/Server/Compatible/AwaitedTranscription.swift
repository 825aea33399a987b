import Archive
import AsyncAlgorithms
import Foundation
import HTTPSupport
import Hummingbird
import Logging
import Transcripts

/// A transcription whose client waits for it in the same request: when that client goes away, the work ends and nothing of it is left.
///
/// It is provisional until the client has its answer; then the settings say whether it stays in the library. One that fails does not stay:
/// the client is told, and still has its file.
struct AwaitedTranscription: Sendable {
    let id: UUID
    /// The client's connection.
    let watch: ConnectionWatch
    private let room: WaitingRoom
    private let isKept: Bool
    /// What came, and the recording that it became.
    private let upload: Upload
    private let audioFile: AudioFile

    /// Accepts an upload for a client that waits.
    ///
    /// - Parameter isKept: Whether it stays in the library when the client has its answer.
    init(
        of upload: Upload,
        as request: TranscriptionRequest,
        isKept: Bool,
        room: WaitingRoom,
        context: APIContext
    ) async throws {
        watch = try await ConnectionWatch.over(context.channel)
        let accepted = try await room.recordings.acceptUpload(upload, as: request, isProvisional: true).transcription
        (id, audioFile) = (accepted.id, accepted.audioFile)
        (self.upload, self.room, self.isKept) = (upload, room, isKept)
    }

    private var library: Library { room.library }
    private var hub: EventHub { room.hub }

    /// What was heard, once it is over.
    ///
    /// - Throws: `APIError` where it ended badly, `CancellationError` when the client has gone away.
    func result() async throws -> (transcription: Transcription, transcript: Transcript) {
        try await onBehalfOfClient {
            let ended = try await transcription { _ in false }
            return (ended, ended.transcript(with: try await room.texts.segments(of: id)))
        }
    }

    /// The transcription as soon as its language is known, or it is over; the rest of the work is not done.
    func untilLanguage() async throws -> Transcription {
        try await onBehalfOfClient { try await transcription { $0.language != nil } }
    }

    /// A stream of events that the client is answered with instead.
    ///
    /// - Parameter source: Says whether it is over; an end before that means that the server stops.
    func stream(_ source: some EventSource) -> Response {
        var response = Response.events(on: merge(hub.changes(of: id), watch.departure()), from: source)
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

    private func transcription(when isReady: @Sendable (Transcription) -> Bool) async throws -> Transcription {
        guard let current = try await hub.transcription(id, in: library, when: isReady) else {
            try await settle()
            throw APIError(status: .serviceUnavailable, code: "stopping", detail: "The server is being stopped.")
        }
        if let error = APIError(endOf: current) {
            try await settle()
            throw error
        }
        return current
    }

    private func onBehalfOfClient<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) async throws -> Value {
        do {
            let value = try await watch.whileConnected { try await whileExamined(work) }
            try await settle()
            return value
        } catch {
            await withdraw()
            throw error
        }
    }

    /// Does work and looks into the file meanwhile, if nobody has; an error of one ends the other.
    private func whileExamined<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) async throws -> Value {
        guard upload.description == nil, audioFile.duration == nil else { return try await work() }
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                try await examine()
                return nil
            }
            var value: Value?
            for try await next in group { value = next ?? value }
            guard let value else { throw CancellationError() }
            return value
        }
    }

    private func examine() async throws {
        var upload = upload
        try await upload.examine(at: room.recordings.folder.path(of: audioFile.storedFilename), settings: room.settings)
        try await room.recordings.describe(audioFile.id, mediaType: upload.mediaType, duration: upload.duration)
    }

    /// Keeps it or lets it go, as the settings say.
    private func settle() async throws {
        if isKept, try await library.find(id)?.state != .failed {
            try await library.keepProvisional(id)
        } else {
            try await library.withdrawProvisional(id)
        }
    }

    /// Lets it go unless it is kept already.
    private func withdraw() async {
        // A task of its own, because the client's may be cancelled, and nothing can be stored in it any more.
        await Task {
            do {
                try await library.withdrawProvisional(id)
            } catch {
                Logger.current.warning("A transcription nobody waits for could not be removed", metadata: ["error": "\(error)"])
            }
        }.value
    }
}

extension APIError {
    /// What is wrong with the end of a transcription; nil where it has ended well, or not yet.
    init?(endOf transcription: Transcription) {
        switch transcription.state {
        case .pending, .processing, .paused, .completed: return nil
        case .failed: self.init(transcription.failure ?? TranscriptionFailure(code: "engine_failed", message: "The transcription failed."))
        case .cancelled: self.init(status: .gone, code: "cancelled", detail: "Somebody has cancelled the transcription.")
        }
    }
}
