/// A name that stands for no model which can be downloaded.
package struct UnknownCatalogueModel: Error, Hashable {
    /// The name as it was written.
    package let name: String
}

extension Catalogue {
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
}
