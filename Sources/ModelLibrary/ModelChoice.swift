import Transcripts

/// A model that can be asked for.
package enum ModelChoice: Sendable, Hashable {
    /// It is here.
    case installed(InstalledModel)
    /// It is not here, but can be fetched.
    case fetchable(CatalogueModel)

    /// Its name, as in `--model NAME`.
    package var name: String {
        switch self {
        case .installed(let model): model.name
        case .fetchable(let model): model.name
        }
    }

    /// Refuses what the model can't do.
    package func check(_ options: TranscriptionOptions) throws(UnsupportedOption) {
        switch self {
        case .installed(let model): try model.check(options)
        case .fetchable(let model): try model.header.check(options)
        }
    }
}

extension ModelLibrary {
    /// A model by its name, here or in the catalogue; or the default for nil.
    ///
    /// - Throws: `ModelLibraryError.unknownModel`, which names those there are.
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
    /// The header that its file has, as far as it tells what the model can do.
    fileprivate var header: ModelHeader {
        let vocabulary = isEnglishOnly ? 51_864 : 51_766 + languages
        return ModelHeader(vocabulary: vocabulary, audioLayers: 32, textState: 0, textHeads: 0, textLayers: canTranslate ? 32 : 4)
    }
}
