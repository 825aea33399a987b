import ArgumentParser

/// `earshot serve`: the API, and with `--all` everything else in the same process.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Run the API, or everything in one process.",
        discussion: """
            Without DATABASE_URL, Earshot starts a private PostgreSQL server in the data folder and stops it at the end.

            Examples:
              earshot serve --all
              DATABASE_URL=postgresql://earshot@db/earshot earshot serve
            """
    )

    @Flag(help: "Also run a worker and the website.")
    var all = false

    func run() async throws {
        let roles: Roles = all ? .all : .api
        try await roles.run()
    }
}
