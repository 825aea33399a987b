import ArgumentParser
import ModelLibrary
import SystemPackage

/// `earshot models download`: fetches models.
struct DownloadModels: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "download",
        abstract: "Download models, or go on with interrupted downloads.",
        discussion: """
            What has come is kept when a download breaks off, and the next one goes on from there. Every file is checked.
            Exit code: 0 when all are here, 1 when one failed, 2 when the command was not understood.

            Examples:
              earshot models download base
              earshot models download large-v3-turbo-q5_0 tiny.en
              MODEL_HUB_URL=https://mirror.example.org earshot models download small
            """
    )

    @Argument(help: "Names of models; “earshot models list --all” tells them.")
    var models: [String]

    @Flag(help: "Also what is here already.")
    var force = false

    @Flag(name: .shortAndLong, help: "No progress, only errors.")
    var quiet = false

    func validate() throws {
        for name in models { _ = try ModelShelf.catalogued(name) }
    }

    func run() async throws {
        let (library, downloader) = try await ModelShelf.open()
        var failures = 0
        for name in models {
            let model = try ModelShelf.catalogued(name)
            do {
                try await ModelShelf.fetch(model, with: downloader, force: force, quiet: quiet)
                if !quiet { Terminal.say("\(model.name): in \(library.folder.appending(model.fileName))") }
            } catch let error where !(error is CancellationError) {
                failures += 1
                Terminal.say("\(model.name): \(Transcribe.explain(error))")
            }
        }
        if failures > 0 { throw ExitCode(1) }
    }
}
