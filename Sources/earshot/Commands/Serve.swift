import ArgumentParser
import Logging

/// `earshot serve`: the API, and with `--all` everything else in the same process.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the API, or everything at once.",
        discussion: """
            Without DATABASE_URL a private PostgreSQL is started in the data folder and stopped again at the end.

            Examples:
              earshot serve --all
              DATABASE_URL=postgresql://earshot@db/earshot earshot serve
            """
    )

    @Flag(help: "Also run a worker and the website.")
    var all = false

    func run() async throws {
        try await runProcess(as: all ? .all : .api)
    }
}

/// `earshot worker`: transcribes what others upload.
struct Work: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker",
        abstract: "Run a worker, which transcribes what is uploaded elsewhere.",
        discussion: """
            Needs the database and the uploads folder of the API it works for; any number may run.

            Example:
              DATABASE_URL=postgresql://earshot@db/earshot UPLOAD_DIR=/srv/uploads earshot worker
            """
    )

    func run() async throws {
        try await runProcess(as: .worker)
    }
}

/// `earshot web`: the website alone.
struct Web: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the website, in front of an API elsewhere.",
        discussion: """
            Example:
              BACKEND_URL=http://backend:8001 earshot web
            """
    )

    func run() async throws {
        try await runProcess(as: .website)
    }
}

extension AsyncParsableCommand {
    /// Reads the settings, sets up logging, and plays the roles until stopped.
    fileprivate func runProcess(as roles: Roles) async throws {
        let settings = try await Settings.load()
        if roles == .worker, settings.databaseURL == nil {
            throw ValidationError(
                "A worker of its own needs DATABASE_URL, to share a database with the API. To run everything: earshot serve --all"
            )
        }
        try await withProcessLogging(level: settings.logLevel) {
            OpenFiles.raiseLimit()
            try await Assembly(settings: settings, roles: roles).runUntilStopped()
        }
    }
}

/// Logs to standard error, one line an entry, in everything that `work` does.
func withProcessLogging(level: Logger.Level, _ work: () async throws -> Void) async throws {
    LoggingSystem.bootstrap { label in StreamLogHandler.standardError(label: label) }
    var logger = Logger(label: "earshot")
    logger.logLevel = level
    try await withLogger(logger) { _ in try await work() }
}
