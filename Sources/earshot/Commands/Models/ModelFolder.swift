import ArgumentParser
import ModelLibrary
import SystemPackage

/// The model folder, as the commands use it.
struct ModelFolder {
    let library: ModelLibrary
    private let downloader: ModelDownloader

    init(_ settings: Settings) {
        library = ModelLibrary(folder: settings.modelFolder, preferred: settings.model)
        downloader = ModelDownloader(folder: settings.modelFolder, hub: settings.hubAddress)
    }

    /// The folder that the settings name.
    static func open() async throws -> ModelFolder { ModelFolder(try await Settings.load()) }

    /// A model of the catalogue; throws `ValidationError` if there is none of this name.
    static func catalogued(_ name: String) throws -> CatalogueModel {
        if let model = Catalogue.model(named: name) { return model }
        throw ValidationError("“\(name)” is not a model that can be downloaded. “earshot models list --all” lists those.")
    }

    /// An installed model; throws `ValidationError` if there is none of this name.
    func installed(_ name: String) throws -> InstalledModel {
        do {
            return try library.model(named: name)
        } catch {
            throw ValidationError("\(error)")
        }
    }

    /// The file of a model, even if it is broken; throws `ValidationError` if there is none.
    func file(named name: String) throws -> InstalledModel { try library.file(named: name) ?? installed(name) }

    /// Downloads a model and shows the progress.
    func download(_ model: CatalogueModel, force: Bool, quiet: Bool) async throws {
        let bar = quiet ? nil : TransferBar(title: model.name)
        defer { bar?.clear() }
        _ = try await downloader.download(model, force: force) { bar?.show($0) }
    }

    /// The name and path of a model to make; throws `ValidationError` if the name is invalid or, without `force`, taken.
    func newModel(named name: String, force: Bool) throws -> (name: String, path: FilePath) {
        let name = name.lowercased()
        let isPlain = !name.hasPrefix(".") && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }
        guard isPlain, !name.isEmpty else {
            throw ValidationError("“\(name)” is not a valid model name. Use letters, digits, “-”, “_” and “.”.")
        }
        guard force || library.file(named: name) == nil else {
            throw ValidationError("A model “\(name)” exists already. Replace it with --force, or choose another --name.")
        }
        return (name, library.folder.appending("ggml-\(name).bin"))
    }
}
