import Logging
import ModelLibrary
import Speech

/// The model that is loaded at the moment, ready to recognise speech.
///
/// One at a time: weights take up to gigabytes, and jobs in a row mostly want the same.
actor Engines {
    private let models: ModelLibrary
    private var loaded: (model: InstalledModel, pool: RecognizerPool)?

    init(models: ModelLibrary) {
        self.models = models
    }

    /// The engine for a model, loading it if another or none is loaded.
    func engine(for name: String) async throws -> RecognizerPool {
        let model = try models.model(named: name)
        if let loaded, loaded.model == model { return loaded.pool }
        loaded = nil
        Logger.current.info("Loading a model", metadata: ["model": "\(model.name)"])
        let pool = RecognizerPool(model: try await WhisperModel.load(path: model.path), size: 1)
        loaded = (model, pool)
        return pool
    }
}
