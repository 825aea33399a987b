import Archive
import Foundation
import ServiceLifecycle

extension EventHub {
    /// A transcription as soon as it has ended or meets a condition; nil if the server is stopped before.
    ///
    /// - Throws: `ArchiveError.transcriptionNotFound` when it is deleted.
    func transcription(
        _ id: UUID,
        in library: Library,
        when isReady: @Sendable (Transcription) -> Bool = { _ in false }
    ) async throws -> Transcription? {
        for await _ in changes(of: id).cancelOnGracefulShutdown() {
            guard let current = try await library.find(id) else { throw ArchiveError.transcriptionNotFound(id) }
            if current.state.isFinal || isReady(current) { return current }
        }
        return nil
    }
}
