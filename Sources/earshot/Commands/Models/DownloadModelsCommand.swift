import ArgumentParser
import ModelLibrary
import SystemPackage

/// `earshot models download`: downloads models.
struct DownloadModelsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "download",
        abstract: "Download models, or resume interrupted downloads.",
        discussion: """
            An interrupted download keeps the bytes that were received, and the next one resumes there. Every file is checked.
            Exit code: 0 if all models are installed, 1 if a download failed, 2 if the command line is invalid.

            Examples:
              earshot models download base
              earshot models download large-v3-turbo-q5_0 tiny.en
              MODEL_HUB_URL=https://mirror.example.org earshot models download small
            """
    )

    @Argument(help: "The names of the models; “earshot models list --all” lists them.")
    var models: [String]

    @Flag(help: "Download models again that are installed already.")
    var force = false

    @Flag(name: .shortAndLong, help: "Write errors only, no progress.")
    var quiet = false

    func validate() throws {
        for name in models { _ = try ModelFolder.catalogued(name) }
    }

    func run() async throws {
        let folder = try await ModelFolder.open()
        var failures = 0
        for name in models {
            let model = try ModelFolder.catalogued(name)
            do {
                try await folder.download(model, force: force, quiet: quiet)
                if !quiet { Terminal.say("\(model.name): stored in \(folder.library.folder.appending(model.fileName))") }
            } catch let error where !(error is CancellationError) {
                failures += 1
                Terminal.say("\(model.name): \(CommandError.explanation(of: error))")
            }
        }
        if failures > 0 { throw ExitCode(1) }
    }
}
