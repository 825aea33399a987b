import ArgumentParser

/// `earshot worker`: a worker alone.
struct WorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker",
        abstract: "Run a worker, which transcribes the recordings that an API accepted.",
        discussion: """
            A worker needs the database and the uploads folder of its API. Any number of workers can run.

            Example:
              DATABASE_URL=postgresql://earshot@db/earshot earshot worker
            """
    )

    func run() async throws {
        try await Roles.worker.run()
    }
}
