import Archive
import ModelLibrary

/// What is known of all models at one moment: in the folder, in the workers, and on the way.
struct ModelState: Sendable {
    private let models: ModelLibrary
    private let desk: ModelDesk
    private let installed: [InstalledModel]
    private let preferred: InstalledModel?
    private let inWorkers: [String: WorkerModel]

    static func look(workers: WorkerRegistry, models: ModelLibrary, desk: ModelDesk) async throws -> ModelState {
        // Where several workers tell of a model, the one that has it counts most.
        let order: [WorkerModel.State] = [.failed, .loading, .loaded]
        let told = try await workers.models().sorted {
            (order.firstIndex(of: $0.state) ?? 0) < (order.firstIndex(of: $1.state) ?? 0)
        }
        return ModelState(
            models: models,
            desk: desk,
            installed: models.models(),
            preferred: try? models.model(named: nil),
            inWorkers: told.reduce(into: [:]) { $0[$1.name] = $1 }
        )
    }

    /// The well-known sizes, what else is installed, and the demo model.
    ///
    /// - Parameter withVariants: Whether what is neither well known nor installed is named, too.
    func resources(withVariants: Bool) async -> [ModelResource] {
        let known = Catalogue.shown(installed: installed, withVariants: withVariants)
        var resources: [ModelResource] = []
        for model in known {
            let file = installed.first { $0.name == model.name }
            resources.append(
                ModelResource(model, file: file, isDefault: file != nil && file == preferred, status: await status(of: model.name))
            )
        }
        for model in installed where !known.contains(where: { $0.name == model.name }) {
            resources.append(ModelResource(model, isDefault: model == preferred, status: await status(of: model.name)))
        }
        return resources
    }

    /// How one model stands.
    func status(of name: String) async -> ModelStatus {
        let download = await desk.download(of: name)
        let isCached = installed.contains { $0.name == name }
        let worker = inWorkers[name]
        return ModelStatus(
            modelName: name,
            status: word(isCached: isCached, worker: worker?.state, download: download),
            isCached: isCached,
            isLoaded: worker?.state == .loaded,
            memoryBytes: worker?.memoryBytes,
            errorMessage: worker?.state == .failed ? worker?.message : nil,
            downloadProgress: download.map(DownloadResource.init)
        )
    }

    private func word(isCached: Bool, worker: WorkerModel.State?, download: ModelDesk.Download?) -> String {
        switch (worker, download) {
        case (.loaded, _): "loaded"
        case (.loading, _): "loading"
        case (_, .running): "downloading"
        case (.failed, _) where isCached: "failed"
        case _ where isCached: "cached"
        case (_, .failed): "failed"
        default: "absent"
        }
    }
}
