import ArgumentParser

/// `earshot serve`: the API, and with `--all` everything else, too.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Run the API, or everything.",
        discussion: """
            Without DATABASE_URL, Earshot starts a private PostgreSQL server in the data folder and stops it at the end.

            Examples:
              earshot serve --all
              DATABASE_URL=postgresql://earshot@db/earshot earshot serve
            """
    )

    @Flag(help: "Also run the website, and a worker in a child process.")
    var all = false

    func run() async throws {
        let roles: Roles = all ? .all : .api
        try await roles.run()
    }
}
