import Logging
import Synchronization
import TestSupport
import Testing

struct WebsiteLogTests {
    @Test(
        "the website writes to the log of its surroundings, as much as that log's level lets it",
        arguments: [(Logger.Level.warning, true), (.error, false)]
    )
    func surroundings(level: Logger.Level, isWritten: Bool) async throws {
        let journal = Journal()
        var logger = Logger(label: "surroundings") { _ in JournalHandler(journal: journal) }
        logger.logLevel = level
        try await withWebsite(api: "http://127.0.0.1:\(FreePort.find())", logger: logger) { visitor in
            let answer = try await visitor.ask("/")
            #expect(answer.status == 200)
            #expect(journal.messages.withLock { $0.contains("API unavailable") } == isWritten)
        }
    }
}

/// The messages of a log, kept for a test.
private final class Journal: Sendable {
    let messages = Mutex<[String]>([])
}

private struct JournalHandler: LogHandler {
    let journal: Journal
    var logLevel = Logger.Level.info
    var metadata: Logger.Metadata = [:]

    func log(event: LogEvent) {
        journal.messages.withLock { $0.append(event.message.description) }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }
}
