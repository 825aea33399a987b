import ArgumentParser
import Basics
import ModelConversion
import ModelLibrary

/// `earshot models preload`: downloads missing models; for start scripts.
struct PreloadModelsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "preload",
        abstract: "Download the listed models that are not installed yet.",
        discussion: """
            Without --models or --all, PRELOAD_MODELS lists the models (“tiny base” or “tiny,base”; “all” for the six sizes), and \
            FORCE_DOWNLOAD=true has the effect of --force. If an openai-whisper installation left a checkpoint of a model, the command names \
            it: “earshot models convert” makes a model of it without a download.
            Exit code: 0 if all models are installed, 1 if a download failed, 2 if the command line is invalid.

            Examples:
              earshot models preload --models tiny base
              PRELOAD_MODELS="base turbo" earshot models preload
              earshot models preload --all
            """
    )

    @Option(parsing: .upToNextOption, help: "The names of the models.")
    var models: [String] = []

    @Flag(help: "The six sizes: tiny, base, small, medium, large and turbo.")
    var all = false

    @Flag(help: "Download models again that are installed already.")
    var force = false

    func run() async throws {
        let settings = try await Settings.load()
        let wanted = try self.wanted ?? settings.preload.models
        guard !wanted.isEmpty else { return Terminal.say("No models to preload; PRELOAD_MODELS is empty.") }
        let isForced = force || settings.preload.isForced
        let folder = ModelFolder(settings)
        let checkpoints = WhisperCache.folder().map(WhisperCache.checkpoints) ?? []
        var failures = 0
        for (place, model) in wanted.enumerated() {
            let step = "[\(place + 1)/\(wanted.count)] \(model.name):"
            if !isForced, folder.library.models().contains(where: { $0.name == model.name }) {
                Terminal.say("\(step) already installed")
                continue
            }
            if let checkpoint = checkpoints.first(where: { Catalogue.model(named: $0.name) == model }) {
                Terminal.say(
                    "\(step) openai-whisper left \(checkpoint.path); without a download: earshot models convert \(checkpoint.path)"
                )
            }
            Terminal.say("\(step) downloading \(ByteCount.text(model.sizeBytes))")
            do {
                try await folder.download(model, force: isForced, quiet: false)
                Terminal.say("\(step) done")
            } catch let error where !(error is CancellationError) {
                failures += 1
                Terminal.say("\(step) failed. \(CommandError.explanation(of: error))")
            }
        }
        if failures > 0 {
            Terminal.say("\(failures) of \(wanted.count) models could not be downloaded.")
            throw ExitCode(1)
        }
    }

    /// The models that the arguments name; nil if they name none.
    private var wanted: [CatalogueModel]? {
        get throws {
            guard all || !models.isEmpty else { return nil }
            do {
                return try Catalogue.models(inList: all ? "all" : models.joined(separator: " "))
            } catch {
                return [try ModelFolder.catalogued(error.name)]
            }
        }
    }
}
