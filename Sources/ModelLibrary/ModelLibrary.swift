import Foundation
import SystemPackage

/// The installed speech models: those in a folder, and the demo model that comes with Earshot.
package struct ModelLibrary: Sendable {
    /// The folder of models: downloaded ones are `ggml-NAME.bin`, and any other file in ggml's format is a model, too.
    package let folder: FilePath
    let preferred: String?

    /// A library of a folder, which need not exist yet.
    ///
    /// - Parameter preferred: The model for requests that name none; nil for base, or else the first.
    package init(folder: FilePath, preferred: String? = nil) {
        self.folder = folder
        self.preferred = preferred
    }

    /// The installed models that are intact, sorted by name, the demo model last.
    package func models() -> [InstalledModel] {
        files().filter { $0.name != InstalledModel.demoName && CheckedModels.error(of: $0.path) == nil } + [.demo].compactMap { $0 }
    }

    /// The files that are models by their name, but are not intact, with the reasons.
    package func brokenModels() -> [(model: InstalledModel, reason: ModelFileError)] {
        files().compactMap { model in CheckedModels.error(of: model.path).map { (model, $0) } }
    }

    /// The broken models that are damaged: files that begin like a model, or have the name of one that can be downloaded.
    package func damagedModels() -> [(model: InstalledModel, reason: ModelFileError)] {
        brokenModels().filter { $0.reason != .notAModel || Catalogue.model(named: $0.model.name) != nil }
    }

    /// The installed model with a name; the default model for nil.
    ///
    /// - Throws: `ModelLibraryError.unknownModel`, which names the installed models, or `.damaged`.
    package func model(named name: String?) throws(ModelLibraryError) -> InstalledModel {
        let models = models()
        guard let name = name ?? preferred else {
            // The default of the predecessor, then any other model, and the demo model last.
            if let model = models.first(where: { $0.name == "base" }) ?? models.first { return model }
            throw .unknownModel(InstalledModel.demoName, installed: [])
        }
        let full = Catalogue.shortNames[name.lowercased()]
        guard let model = models.first(where: { $0.name == name.lowercased() }) ?? models.first(where: { $0.name == full }) else {
            if let file = file(named: name) ?? full.flatMap(file), let error = CheckedModels.error(of: file.path) {
                throw .damaged(file.name, error)
            }
            throw .unknownModel(name, installed: models.map(\.name))
        }
        return model
    }

    /// Removes the file of a model.
    ///
    /// - Throws: `ModelLibraryError` if the model can't be removed.
    package func remove(_ model: InstalledModel) throws(ModelLibraryError) {
        guard !model.isDemo else { throw .demoStays }
        do {
            try FileManager.default.removeItem(atPath: model.path.string)
            RememberedChecksum(of: model.path).forget()
        } catch {
            throw .notRemoved(model.name, reason: error.localizedDescription)
        }
    }

    /// The file of a model, intact or not; nil if there is none.
    package func file(named name: String) -> InstalledModel? {
        files().first { $0.name == name.lowercased() }
    }

    private func files() -> [InstalledModel] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.string)) ?? []
        return names.sorted().compactMap { file in
            guard file.hasSuffix(".bin"), !file.hasPrefix(".") else { return nil }
            let name = file.hasPrefix("ggml-") ? file.dropFirst(5).dropLast(4) : file.dropLast(4)
            return InstalledModel(name: name.lowercased(), path: folder.appending(file), isDemo: false)
        }
    }
}

/// Why a model could not be found or removed.
package enum ModelLibraryError: Error, Equatable, CustomStringConvertible {
    case unknownModel(String, installed: [String])
    case damaged(String, ModelFileError)
    case demoStays
    case notRemoved(String, reason: String)

    /// The reason as a word for programs.
    package var code: String {
        switch self {
        case .unknownModel: "unknown_model"
        case .damaged: "model_unreadable"
        case .demoStays: "demo_model"
        case .notRemoved: "not_removed"
        }
    }

    package var description: String {
        switch self {
        case .unknownModel(let name, let installed):
            """
            The model “\(name)” is not installed. Installed: \(installed.isEmpty ? "none" : installed.joined(separator: ", ")). \
            “earshot models list” lists the models that can be downloaded.
            """
        case .damaged(let name, let reason): "The model “\(name)” cannot be used. \(reason)"
        case .demoStays: "The demo model is part of Earshot and cannot be removed."
        case .notRemoved(let name, let reason): "The model “\(name)” could not be removed: \(reason)"
        }
    }
}
