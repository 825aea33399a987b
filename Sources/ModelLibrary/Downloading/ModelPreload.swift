/// The models that the API downloads at its start.
package struct ModelPreload: Sendable {
    package var models: [CatalogueModel]
    /// Whether installed models are downloaded again.
    package var isForced: Bool

    package init(models: [CatalogueModel] = [], isForced: Bool = false) {
        self.models = models
        self.isForced = isForced
    }
}
