import ArgumentParser
import Worker

/// `earshot worker`: a worker alone.
struct WorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker",
        abstract: "Run a worker, which transcribes the recordings that an API accepted.",
        discussion: """
            A worker needs the database and the uploads folder of its API. Any number of workers can run.
            It recognizes speech in a child process, which is started again if it crashes.

            Example:
              DATABASE_URL=postgresql://earshot@db/earshot earshot worker
            """
    )

    /// The arguments of the child process.
    static let supervisedArguments = ["worker", "--supervised"]

    @Flag(help: .hidden)
    var supervised = false

    func run() async throws {
        if supervised { ParentWatch.start() }
        try await Roles.worker.run(isSupervised: supervised)
    }
}
