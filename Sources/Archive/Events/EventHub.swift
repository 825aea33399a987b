import Foundation
import Logging
import Postgres
import ServiceLifecycle
import Synchronization

/// Tells any number of readers, in this process, that something changed, over one database connection.
///
/// A reader is told only *that* a transcription changed and reads for itself what: so nothing is lost when changes come
/// faster than they are read, or while the connection was away.
package final class EventHub: Service {
    private enum Subject: Hashable {
        case transcription(UUID)
        case jobs
        case events
    }

    private let listener: NotificationListener
    private let modelReaders = Mutex<[UUID: AsyncStream<ModelRequest>.Continuation]>([:])
    private let readers = Mutex<[Subject: [UUID: AsyncStream<Void>.Continuation]]>([:])

    /// A hub that listens once it runs.
    package init(listener: NotificationListener) {
        self.listener = listener
    }

    /// Passes notifications on until shut down.
    package func run() async throws {
        let channels = [Archive.transcriptionChannel, Archive.jobChannel, Archive.modelChannel, Archive.eventChannel]
        let notifications = listener.notifications(on: channels)
        for await event in notifications.cancelOnGracefulShutdown() {
            switch event {
            case .posted(Archive.jobChannel, _):
                wake(.jobs)
            case .posted(Archive.eventChannel, _):
                wake(.events)
            case .posted(Archive.modelChannel, let payload):
                guard let request = ModelRequest(payload: payload) else { continue }
                for reader in modelReaders.withLock({ Array($0.values) }) { reader.yield(request) }
            case .posted(_, let payload):
                if let id = UUID(uuidString: payload) { wake(.transcription(id)) }
            case .reconnected:
                for reader in all { reader.yield() }
            }
        }
        for reader in all { reader.finish() }
        for reader in modelReaders.withLock({ Array($0.values) }) { reader.finish() }
    }

    /// Yields at once, and then whenever the transcription may have changed; several changes may become one.
    package func changes(of transcription: UUID) -> AsyncStream<Void> {
        subscribe(to: .transcription(transcription))
    }

    /// Yields at once, and then whenever any event may have been written down.
    package func events() -> AsyncStream<Void> {
        subscribe(to: .events)
    }

    /// Yields at once, and then whenever there may be a job to take.
    package func jobs() -> AsyncStream<Void> {
        subscribe(to: .jobs)
    }

    /// What is asked of workers from now on; only the last few requests wait for a slow reader.
    package func modelRequests() -> AsyncStream<ModelRequest> {
        let (stream, continuation) = AsyncStream.makeStream(of: ModelRequest.self, bufferingPolicy: .bufferingNewest(64))
        let reader = UUID()
        modelReaders.withLock { $0[reader] = continuation }
        continuation.onTermination = { [weak self] _ in self?.modelReaders.withLock { $0[reader] = nil } }
        return stream
    }

    private func subscribe(to subject: Subject) -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let reader = UUID()
        readers.withLock { $0[subject, default: [:]][reader] = continuation }
        continuation.onTermination = { [weak self] _ in
            self?.readers.withLock { readers in
                readers[subject]?[reader] = nil
                if readers[subject]?.isEmpty == true { readers[subject] = nil }
            }
        }
        continuation.yield()
        return stream
    }

    // The continuations are called outside the lock: one that ends takes it again.

    private func wake(_ subject: Subject) {
        let woken = readers.withLock { readers in readers[subject].map { Array($0.values) } ?? [] }
        for reader in woken { reader.yield() }
    }

    private var all: [AsyncStream<Void>.Continuation] { readers.withLock { readers in readers.values.flatMap(\.values) } }
}
