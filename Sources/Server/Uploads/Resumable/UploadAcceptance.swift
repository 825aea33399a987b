import Archive
import AsyncAlgorithms
import Audio
import Foundation
import HTTPTypes
import HummingbirdCore
import Logging
import ModelLibrary
import ServiceLifecycle

/// Makes transcriptions of resumable uploads that are whole.
///
/// That happens with the request that brings the last byte. If the process was killed then, or the server failed, the bytes wait: the client
/// was told that they had arrived, and may never ask again. So this runs as a service, too, which accepts them later.
struct UploadAcceptance: Service {
    let uploads: UploadStore
    let recordings: RecordingStore
    let models: ModelLibrary
    let settings: ServerSettings

    /// Accepts what waits now, and then once a minute, until shutdown.
    func run() async throws {
        await acceptWaiting()
        for await _ in AsyncTimerSequence(interval: .seconds(60), clock: .continuous).cancelOnGracefulShutdown() {
            await acceptWaiting()
        }
    }

    private func acceptWaiting() async {
        do {
            for id in try await uploads.unacceptedUploads() {
                do {
                    guard let upload = try await acceptIfFree(id) else { continue }
                    let transcription = upload.transcriptionID?.uuidString.lowercased() ?? ""
                    Logger.current.notice(
                        "Accepted an upload that waited",
                        metadata: ["upload": "\(id)", "transcription": "\(transcription)"]
                    )
                } catch {
                    Logger.current.warning("An upload can't be accepted", metadata: ["upload": "\(id)", "error": "\(error)"])
                }
            }
        } catch {
            Logger.current.warning("The uploads that wait could not be read", metadata: ["error": "\(error)"])
        }
    }

    /// Accepts a whole upload; nil if another request has it open.
    func acceptIfFree(_ id: UUID) async throws -> ResumableUpload? {
        do {
            return try await accept(uploads.openUpload(id))
        } catch ArchiveError.uploadInUse {
            return nil
        }
    }

    /// Accepts a whole upload, or rejects and removes it if it is no recording.
    func accept(_ open: OpenUpload) async throws -> ResumableUpload {
        do {
            let metadata = try UploadMetadata(open.upload.metadata)
            let options = try options(of: metadata)
            let file = try await uploads.receivedFile(of: open)
            var upload = Upload(file: file, filename: metadata.filename, declaredType: metadata.mediaType)
            try await upload.probe(settings: settings)
            let accepted = try await recordings.acceptUpload(upload, as: options.request, wantsDuplicate: options.wantsDuplicate)
            var finished = open.upload
            finished.transcriptionID = accepted.transcription.id
            return finished
        } catch {
            // A bad file stays bad. A failure of the server may pass, so the bytes are kept for another attempt.
            if isFinal(error) { try await uploads.removeUpload(open) }
            throw error
        }
    }

    /// Whether an upload is refused for good. A signal is refused with 4xx, but may be due to a busy machine.
    private func isFinal(_ error: any Error) -> Bool {
        switch error {
        case AudioError.toolCrashed: false
        default: APIError(error).status.kind == .clientError
        }
    }

    /// The options in an upload's metadata.
    func options(of metadata: UploadMetadata) throws -> TranscriptionOptionsReader {
        try TranscriptionOptionsReader(query: [:], fields: metadata.fields, models: models)
    }
}
