import Logging

/// Logs to standard error, one line per entry, while `work` runs.
func withProcessLogging(level: Logger.Level, _ work: () async throws -> Void) async throws {
    LoggingSystem.bootstrap { label in StreamLogHandler.standardError(label: label) }
    var logger = Logger(label: "earshot")
    logger.logLevel = level
    try await withLogger(logger) { _ in try await work() }
}
