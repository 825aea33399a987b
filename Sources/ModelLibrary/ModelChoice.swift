import Transcripts

/// A model that a transcription can use.
package enum ModelChoice: Sendable, Hashable {
    case installed(InstalledModel)
    /// Not installed, but it can be downloaded.
    case fetchable(CatalogueModel)

    package var name: String {
        switch self {
        case .installed(let model): model.name
        case .fetchable(let model): model.name
        }
    }

    /// Throws if the model does not support an option.
    package func check(_ options: TranscriptionOptions) throws(UnsupportedOption) {
        switch self {
        case .installed(let model): try model.check(options)
        case .fetchable(let model): try model.header.check(options)
        }
    }
}

extension ModelLibrary {
    /// The installed model or the model of the catalogue with a name; the default model for nil.
    ///
    /// A damaged model of the catalogue can be downloaded again.
    ///
    /// - Throws: `ModelLibraryError.unknownModel`, which names the installed models, or `.damaged`.
    package func choice(named name: String?) throws(ModelLibraryError) -> ModelChoice {
        do {
            return .installed(try model(named: name))
        } catch {
            guard let wanted = name ?? preferred, let model = Catalogue.model(named: wanted) else { throw error }
            return .fetchable(model)
        }
    }
}

extension CatalogueModel {
    /// The header of its file, as far as it determines what the model supports.
    fileprivate var header: ModelHeader {
        let vocabulary = isEnglishOnly ? 51_864 : 51_766 + languages
        return ModelHeader(vocabulary: vocabulary, audioLayers: 32, textState: 0, textHeads: 0, textLayers: canTranslate ? 32 : 4)
    }
}
