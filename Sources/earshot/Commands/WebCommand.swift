import ArgumentParser

/// `earshot web`: the website alone.
struct WebCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "web",
        abstract: "Run the website in front of an API that runs elsewhere.",
        discussion: """
            Example:
              BACKEND_URL=http://backend:8001 earshot web
            """
    )

    func run() async throws {
        try await Roles.website.run()
    }
}
