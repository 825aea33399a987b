import ArgumentParser
import Foundation
import ModelLibrary

/// `earshot models preload`: fetches what is missing; for start scripts.
struct PreloadModels: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "preload",
        abstract: "Download the models that are wanted and not here yet.",
        discussion: """
            Without --models or --all, PRELOAD_MODELS names the models (“tiny base” or “tiny,base”; “all” for the six sizes), and FORCE_DOWNLOAD=true
            stands for --force. What is here already is skipped. Where an openai-whisper installation left a model, it is named: “earshot models
            convert” makes it usable without a download.
            Exit code: 0 when all are here, 1 when one failed, 2 when the command was not understood.

            Examples:
              earshot models preload --models tiny base
              PRELOAD_MODELS="base turbo" earshot models preload
              earshot models preload --all
            """
    )

    @Option(parsing: .upToNextOption, help: "Names of models.")
    var models: [String] = []

    @Flag(help: "The six sizes: tiny, base, small, medium, large and turbo.")
    var all = false

    @Flag(help: "Also what is here already.")
    var force = false

    func run() async throws {
        let settings = try await Settings.load()
        let wanted = try self.wanted ?? settings.preload.models
        guard !wanted.isEmpty else { return Terminal.say("No models to preload; PRELOAD_MODELS is empty.") }
        let isForced = force || settings.preload.isForced
        let (library, downloader) = try await ModelShelf.open()
        let old = OldCache.folder(environment: ProcessInfo.processInfo.environment).map(OldCache.checkpoints) ?? []
        var failures = 0
        for (place, model) in wanted.enumerated() {
            let step = "[\(place + 1)/\(wanted.count)] \(model.name):"
            if !isForced, library.models().contains(where: { $0.name == model.name }) {
                Terminal.say("\(step) already here")
                continue
            }
            if let left = old.first(where: { Catalogue.model(named: $0.name) == model }) {
                Terminal.say("\(step) openai-whisper left it at \(left.path); “earshot models convert \(left.path)” needs no network")
            }
            Terminal.say("\(step) downloading \(ByteCount.text(model.sizeBytes))")
            do {
                try await ModelShelf.fetch(model, with: downloader, force: isForced, quiet: false)
                Terminal.say("\(step) done")
            } catch let error where !(error is CancellationError) {
                failures += 1
                Terminal.say("\(step) failed. \(Transcribe.explain(error))")
            }
        }
        if failures > 0 {
            Terminal.say("\(failures) of \(wanted.count) models could not be downloaded.")
            throw ExitCode(1)
        }
    }

    /// What the arguments name; nil if they name nothing.
    private var wanted: [CatalogueModel]? {
        get throws {
            guard all || !models.isEmpty else { return nil }
            do {
                return try Catalogue.models(inList: all ? "all" : models.joined(separator: " "))
            } catch {
                // The refusal in the words that all these commands share.
                return [try ModelShelf.catalogued(error.name)]
            }
        }
    }
}
