/// The models that are to be there from the start.
package struct ModelPreload: Sendable {
    package var models: [CatalogueModel]
    /// Whether they are fetched even if they are there already.
    package var isForced: Bool

    package init(models: [CatalogueModel] = [], isForced: Bool = false) {
        self.models = models
        self.isForced = isForced
    }
}
