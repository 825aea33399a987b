/// The official models: every size that OpenAI published, in the files that whisper.cpp's authors offer for download.
package enum Catalogue {
    /// The repository on the hub that contains all models but one.
    package static let repository = "ggerganov/whisper.cpp"

    /// The six well-known sizes, from small to large, and turbo last.
    package static let classic = ["tiny", "base", "small", "medium", "large", "turbo"]

    /// Short names for the newest model of a size.
    package static let shortNames = ["large": "large-v3", "turbo": "large-v3-turbo"]

    /// All models, from small to large; each size is followed by its variants.
    package static let models: [CatalogueModel] = CatalogueFile.all.map(model)

    /// The models to show: the well-known sizes, then the installed variants, or all of them.
    package static func shown(installed: [InstalledModel], withVariants: Bool) -> [CatalogueModel] {
        let wellKnown = classic.compactMap(model)
        let variants = models.filter { model in
            !wellKnown.contains(model) && (withVariants || installed.contains { $0.name == model.name })
        }
        return wellKnown + variants
    }

    /// The model with a name or short name, in upper or lower case; nil if there is none.
    package static func model(named name: String) -> CatalogueModel? {
        let name = name.lowercased()
        let full = shortNames[name] ?? name
        return models.first { $0.name == full }
    }

    /// The models that a list names, as in PRELOAD_MODELS, each once: “tiny base” or “tiny,base”; “all” stands for the six well-known sizes.
    package static func models(inList list: String) throws(UnknownCatalogueModel) -> [CatalogueModel] {
        var wanted: [CatalogueModel] = []
        for word in list.split(whereSeparator: { $0 == "," || $0.isWhitespace }) {
            for name in word.lowercased() == "all" ? classic : [String(word)] {
                guard let model = model(named: name) else { throw UnknownCatalogueModel(name: name) }
                if !wanted.contains(model) { wanted.append(model) }
            }
        }
        return wanted
    }

    /// The properties of a file, which follow from its name: "medium.en-q5_0" is the size medium, English-only, quantized.
    private static func model(_ file: CatalogueFile) -> CatalogueModel {
        let variant = file.name.split(separator: "-").last.map(String.init)
        let quantization = variant.flatMap { $0.hasPrefix("q") ? $0 : nil }
        let size = ModelSize(of: file.name)
        let isEnglishOnly = file.name.contains(".en")
        let marksSpeakers = file.name.hasSuffix("-tdrz")
        var remarks: [String] = []
        if isEnglishOnly { remarks.append("English only, and slightly better at it.") }
        if marksSpeakers { remarks.append("Marks where the speaker changes.") }
        if let quantization {
            let loss = quantization == "q8_0" ? "hardly any difference" : "a small loss of quality"
            remarks.append("Compressed (\(quantization)): less disk space and memory, \(loss).")
        }
        return CatalogueModel(
            name: file.name,
            repository: marksSpeakers ? "akashmjn/tinydiarize-whisper.cpp" : repository,
            sizeBytes: file.bytes,
            memoryBytes: file.bytes + size.workingMemory,
            sha1: file.sha1,
            parameters: size.parameters,
            relativeSpeed: size.relativeSpeed,
            speed: size.speed,
            quality: size.quality,
            summary: ([size.summary] + remarks).joined(separator: " "),
            canTranslate: !isEnglishOnly && size != .turbo,
            languages: isEnglishOnly ? 1 : file.name.hasPrefix("large-v3") ? 100 : 99,
            quantization: quantization
        )
    }
}

/// A name that is not in the catalogue.
package struct UnknownCatalogueModel: Error, Hashable {
    package let name: String
}
