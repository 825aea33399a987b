import ArgumentParser
import ModelLibrary
import SystemPackage

/// `earshot models`: what concerns speech models.
struct Models: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List, download, check, convert and pack speech models.",
        discussion: """
            Models lie in MODELS_DIR as ggml-NAME.bin. They come from MODEL_HUB_URL, through the proxy that HTTPS_PROXY names.

            Examples:
              earshot models list --all                      what can be had
              earshot models download base                   fetch a model, or go on with an interrupted download
              earshot models info base                       what a file really is
              earshot models preload --models tiny base      fetch what is missing; for start scripts
              earshot models convert ~/.cache/whisper/base.pt
              earshot models quantize large-v3 --to q5_0
              earshot models bundle tiny base --output models.tar
            """,
        subcommands: [
            ListModels.self, DownloadModels.self, VerifyModels.self, RemoveModels.self, ShowModel.self, PreloadModels.self,
            ConvertModel.self, QuantizeModel.self, BundleModels.self,
        ],
        defaultSubcommand: ListModels.self
    )
}

/// What all these commands share.
enum ModelShelf {
    /// The library and a downloader into it, as set by the environment.
    static func open() async throws -> (library: ModelLibrary, downloader: ModelDownloader) {
        let settings = try await Settings.load()
        let library = ModelLibrary(folder: settings.modelFolder, preferred: settings.model)
        return (library, ModelDownloader(folder: settings.modelFolder, hub: settings.hubAddress))
    }

    /// A model of the catalogue, or the refusal to go on without one.
    static func catalogued(_ name: String) throws -> CatalogueModel {
        if let model = Catalogue.model(named: name) { return model }
        throw ValidationError("“\(name)” is no model that can be downloaded. “earshot models list --all” names them.")
    }

    /// An installed model, or the refusal to go on without one.
    static func installed(_ name: String, in library: ModelLibrary) throws -> InstalledModel {
        do {
            return try library.model(named: name)
        } catch {
            throw ValidationError("\(error)")
        }
    }

    /// Fetches a model and shows how that goes on.
    static func fetch(_ model: CatalogueModel, with downloader: ModelDownloader, force: Bool, quiet: Bool) async throws {
        let bar = quiet ? nil : TransferBar(title: model.name)
        defer { bar?.clear() }
        _ = try await downloader.download(model, force: force) { bar?.show($0) }
    }

    /// A name and a place for a new model, or the refusal to overwrite one.
    static func newName(_ name: String, in library: ModelLibrary, force: Bool) throws -> (name: String, path: FilePath) {
        let name = name.lowercased()
        let isPlain = !name.hasPrefix(".") && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }
        guard isPlain, !name.isEmpty else {
            throw ValidationError("“\(name)” can't be a model's name: use letters, digits, “-”, “_” and “.”.")
        }
        guard force || library.file(named: name) == nil else {
            throw ValidationError("There is a model “\(name)” already. Replace it with --force, or choose another --name.")
        }
        return (name, library.folder.appending("ggml-\(name).bin"))
    }

    /// Tells what went wrong in its own words instead of Swift's, and ends with exit code 1.
    static func withPlainErrors<Result>(_ work: () async throws -> Result) async throws -> Result {
        do {
            return try await work()
        } catch let error where !(error is CancellationError) {
            Terminal.say(Transcribe.explain(error))
            throw ExitCode(1)
        }
    }
}
