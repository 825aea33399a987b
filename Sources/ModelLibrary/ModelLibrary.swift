import Foundation
import SystemPackage

/// Which speech models there are: those in a folder, and the demo model that Earshot brings along.
package struct ModelLibrary: Sendable {
    /// Where models lie: `ggml-NAME.bin` those that were downloaded, and any other file in ggml's format.
    package let folder: FilePath
    let preferred: String?

    /// A library over a folder, which need not exist yet.
    ///
    /// - Parameter preferred: The model to use when none is named; nil for the best guess.
    package init(folder: FilePath, preferred: String? = nil) {
        self.folder = folder
        self.preferred = preferred
    }

    /// The installed models, sorted by name, the demo model last.
    package func models() -> [InstalledModel] {
        files().filter { $0.name != InstalledModel.demoName && $0.header != nil } + [.demo].compactMap { $0 }
    }

    /// Files that should be models by their name, but are not or are not whole, and why.
    ///
    /// Reads all of their structure, though not the weights; takes milliseconds for each file.
    package func brokenModels() -> [(model: InstalledModel, reason: ModelFileError)] {
        files().compactMap { model in
            do throws(ModelFileError) {
                _ = try ModelFile(path: model.path)
                return nil
            } catch {
                return (model, error)
            }
        }
    }

    /// A model by its name, or the default for nil.
    ///
    /// - Throws: `ModelLibraryError.unknownModel`, which names those there are.
    package func model(named name: String?) throws(ModelLibraryError) -> InstalledModel {
        let models = models()
        guard let name = name ?? preferred else {
            // The old system's default, then anything real, and the demo model while nothing else is there.
            if let model = models.first(where: { $0.name == "base" }) ?? models.first { return model }
            throw .unknownModel(InstalledModel.demoName, installed: [])
        }
        let full = Catalogue.shortNames[name.lowercased()]
        guard let model = models.first(where: { $0.name == name.lowercased() }) ?? models.first(where: { $0.name == full }) else {
            throw .unknownModel(name, installed: models.map(\.name))
        }
        return model
    }

    /// Takes a model's file away.
    ///
    /// - Throws: `ModelLibraryError`, if there is no such model or it can't be removed.
    package func remove(_ model: InstalledModel) throws(ModelLibraryError) {
        guard !model.isDemo else { throw .demoStays }
        do {
            try FileManager.default.removeItem(atPath: model.path.string)
        } catch {
            throw .notRemoved(model.name, reason: error.localizedDescription)
        }
    }

    /// What lies in the folder under a model's name, whole or not.
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

/// Why something can't be done to a model.
package enum ModelLibraryError: Error, Equatable, CustomStringConvertible {
    case unknownModel(String, installed: [String])
    /// The demo model comes with Earshot.
    case demoStays
    /// The file could not be removed, and the system's reason.
    case notRemoved(String, reason: String)

    /// The reason as a word for programs.
    package var code: String {
        switch self {
        case .unknownModel: "unknown_model"
        case .demoStays: "demo_model"
        case .notRemoved: "not_removed"
        }
    }

    package var description: String {
        switch self {
        case .unknownModel(let name, let installed):
            """
            There is no model “\(name)” here. Installed: \(installed.isEmpty ? "none" : installed.joined(separator: ", ")). \
            “earshot models list” tells which can be downloaded.
            """
        case .demoStays: "The demo model comes with Earshot and stays."
        case .notRemoved(let name, let reason): "The model “\(name)” could not be removed: \(reason)"
        }
    }
}
