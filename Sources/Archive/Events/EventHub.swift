import Basics
import Foundation
import Logging
import Postgres
import ServiceLifecycle

/// Wakes any number of readers in this process when something changed, over one database connection.
///
/// A reader learns only *that* a transcription changed, and reads the change itself: so none is lost when changes come faster than they
/// are read, or while the connection was away.
package final class EventHub: Service {
    private enum Topic: Hashable {
        case transcription(UUID)
        case jobs
        case events
    }

    private let listener: NotificationListener
    private let signals = Broadcast<Topic, Void>()
    private let requests = Broadcast<OneTopic, ModelRequest>()

    /// A hub that listens once it runs.
    package init(listener: NotificationListener) {
        self.listener = listener
    }

    /// Passes notifications on until shutdown.
    package func run() async throws {
        let notifications = listener.notifications(on: [
            Channel.transcriptions, Channel.jobs, Channel.models, Channel.events, Channel.holds,
        ])
        for await event in notifications.cancelOnGracefulShutdown() {
            switch event {
            case .posted(Channel.jobs, _): signals.send((), to: .jobs)
            case .posted(Channel.events, _): signals.send((), to: .events)
            case .posted(Channel.models, let payload):
                if let request = ModelRequest(payload: payload) { requests.send(request) }
            // A fault may keep any transcription waiting.
            case .reconnected, .posted(Channel.holds, _): signals.sendToAll(())
            case .posted(_, let payload):
                if let id = UUID(uuidString: payload) { signals.send((), to: .transcription(id)) }
            }
        }
        signals.finish()
        requests.finish()
    }

    /// Yields at once, and then whenever the transcription may have changed; several changes may become one.
    package func changes(of transcription: UUID) -> AsyncStream<Void> {
        subscribe(to: .transcription(transcription))
    }

    /// Yields at once, and then whenever an event may have been recorded.
    package func events() -> AsyncStream<Void> {
        subscribe(to: .events)
    }

    /// Yields at once, and then whenever there may be a job to take.
    package func jobs() -> AsyncStream<Void> {
        subscribe(to: .jobs)
    }

    /// The requests to workers from now on; only the last 64 wait for a slow reader.
    package func modelRequests() -> AsyncStream<ModelRequest> {
        requests.subscribe(buffering: .bufferingNewest(64))
    }

    private func subscribe(to topic: Topic) -> AsyncStream<Void> {
        signals.subscribe(to: topic, buffering: .bufferingNewest(1), first: ())
    }
}
