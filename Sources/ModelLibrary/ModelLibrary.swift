import Foundation
import SystemPackage

/// Which speech models there are: those in a folder, and the demo model that Earshot brings along.
package struct ModelLibrary: Sendable {
    /// Where downloaded models lie, as `ggml-NAME.bin`.
    package let folder: FilePath
    private let preferred: String?

    /// A library over a folder, which need not exist yet.
    ///
    /// - Parameter preferred: The model to use when none is named; nil for the best guess.
    package init(folder: FilePath, preferred: String? = nil) {
        self.folder = folder
        self.preferred = preferred
    }

    /// The installed models, sorted by name, the demo model last.
    package func models() -> [InstalledModel] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.string)) ?? []
        let installed = names.sorted().compactMap { file -> InstalledModel? in
            guard file.hasPrefix("ggml-"), file.hasSuffix(".bin") else { return nil }
            return InstalledModel(name: String(file.dropFirst(5).dropLast(4)), path: folder.appending(file), isDemo: false)
        }
        return installed.filter { $0.name != InstalledModel.demoName } + [.demo].compactMap { $0 }
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
        guard let model = models.first(where: { $0.name == name.lowercased() }) else {
            throw .unknownModel(name, installed: models.map(\.name))
        }
        return model
    }
}

/// A model file that is here.
package struct InstalledModel: Sendable, Hashable {
    /// Its name, as in `--model NAME`.
    package let name: String
    package let path: FilePath
    /// Whether this is the model that comes with Earshot and knows only a little synthetic speech.
    package let isDemo: Bool

    /// The length of the file in bytes; nil if it can't be told.
    package var sizeBytes: Int64? {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path.string)
        return (attributes?[.size] as? NSNumber)?.int64Value
    }

    static let demoName = "demo"

    /// The demo model; nil only if its file was taken out of the installation.
    static let demo: InstalledModel? = {
        let path = FilePath(Bundle.module.bundlePath).appending("demo").appending("ggml-demo-q8_0.bin")
        guard FileManager.default.isReadableFile(atPath: path.string) else { return nil }
        return InstalledModel(name: demoName, path: path, isDemo: true)
    }()
}

/// Why there is no such model.
package enum ModelLibraryError: Error, Equatable, CustomStringConvertible {
    case unknownModel(String, installed: [String])

    package var description: String {
        switch self {
        case .unknownModel(let name, let installed):
            "There is no model “\(name)” here. Installed: \(installed.isEmpty ? "none" : installed.joined(separator: ", "))."
        }
    }
}
