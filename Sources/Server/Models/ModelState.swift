import Archive
import ModelLibrary

/// The state of all models at one moment: in the folder, in the workers, and while they are downloaded.
struct ModelState: Sendable {
    private let models: ModelLibrary
    private let downloads: ModelDownloads
    private let installed: [InstalledModel]
    private let damaged: [(model: InstalledModel, reason: ModelFileError)]
    private let preferred: InstalledModel?
    private let inWorkers: [String: WorkerModel]

    static func current(workers: WorkerRegistry, models: ModelLibrary, downloads: ModelDownloads) async throws -> ModelState {
        // Of several workers that report a model, one that has loaded it takes precedence.
        let order: [WorkerModel.State] = [.failed, .loading, .loaded]
        let reports = try await workers.models().sorted {
            (order.firstIndex(of: $0.state) ?? 0) < (order.firstIndex(of: $1.state) ?? 0)
        }
        return ModelState(
            models: models,
            downloads: downloads,
            installed: models.models(),
            damaged: models.damagedModels(),
            preferred: try? models.model(named: nil),
            inWorkers: reports.reduce(into: [:]) { $0[$1.name] = $1 }
        )
    }

    /// The well-known sizes, other installed and damaged models, and the demo model.
    ///
    /// - Parameter withVariants: Whether to include variants that are neither well known nor installed.
    func resources(withVariants: Bool) async -> [ModelResource] {
        let files = installed + damaged.map(\.model)
        let known = Catalogue.shown(installed: files, withVariants: withVariants)
        var resources: [ModelResource] = []
        for model in known {
            let file = installed.first { $0.name == model.name }
            resources.append(
                ModelResource(model, file: file, isDefault: file != nil && file == preferred, status: await status(of: model.name))
            )
        }
        for model in files where !known.contains(where: { $0.name == model.name }) {
            resources.append(ModelResource(model, isDefault: model == preferred, status: await status(of: model.name)))
        }
        return resources
    }

    /// The state of one model.
    func status(of name: String) async -> ModelStatus {
        let download = await downloads.download(of: name)
        let isCached = installed.contains { $0.name == name }
        let worker = inWorkers[name]
        let damage = damaged.first { $0.model.name == name }?.reason
        return ModelStatus(
            modelName: name,
            status: word(isCached: isCached, isDamaged: damage != nil, worker: worker?.state, download: download),
            isCached: isCached,
            isLoaded: worker?.state == .loaded,
            memoryBytes: worker?.memoryBytes,
            errorMessage: damage?.description ?? (worker?.state == .failed ? worker?.message : nil),
            downloadProgress: download.map(DownloadResource.init)
        )
    }

    private func word(isCached: Bool, isDamaged: Bool, worker: WorkerModel.State?, download: ModelDownloads.Download?) -> String {
        switch (worker, download) {
        case (.loaded, _): "loaded"
        case (.loading, _): "loading"
        case (_, .running): "downloading"
        case _ where isDamaged: "damaged"
        case (.failed, _) where isCached: "failed"
        case _ where isCached: "cached"
        case (_, .failed): "failed"
        default: "absent"
        }
    }
}
