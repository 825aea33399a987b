import Archive
import Hummingbird
import ModelLibrary

/// The models: their states, downloads, and loading.
struct ModelRoutes: Sendable {
    typealias Context = APIContext

    let workers: WorkerRegistry
    let models: ModelLibrary
    let downloads: ModelDownloads

    /// `GET /models/available`: the six well-known sizes, other installed models, and the demo model last; with `?all=true` also all
    /// variants that can be downloaded.
    func available(request: Request, context: Context) async throws -> ModelList {
        let withVariants = try OptionValues(query: request.options).flag("all") ?? false
        let state = try await ModelState.current(workers: workers, models: models, downloads: downloads)
        return ModelList(models: await state.resources(withVariants: withVariants))
    }

    /// `GET /models/status/{name}`: whether a model is installed, loaded, or being downloaded.
    func status(request: Request, context: Context) async throws -> ModelStatus {
        try await status(of: choice(context).name)
    }

    /// `GET /models/download-progress/{name}`: a stream of a download's progress, which ends with the download.
    func progress(request: Request, context: Context) async throws -> Response {
        let model = try choice(context)
        return .events(on: downloads.changes(), from: DownloadEvents(name: model.name, downloads: downloads, models: models))
    }

    /// `POST /models/{name}/download`: downloads a model in the background; with `?force=true` even if it is installed. A damaged one is
    /// downloaded again.
    func download(request: Request, context: Context) async throws -> EditedResponse<ModelStatus> {
        let name = try context.parameters.require("name")
        guard let model = Catalogue.model(named: name) else {
            throw Self.unknown(ModelLibraryError.unknownModel(name, installed: models.models().map(\.name)))
        }
        let force = try OptionValues(query: request.options).flag("force") ?? false
        if force || !models.models().contains(where: { $0.name == model.name }) { await downloads.fetch(model, force: force) }
        return EditedResponse(status: .accepted, response: try await status(of: model.name))
    }

    /// `POST /models/{name}/cancel`: stops a download and keeps its bytes for the next one.
    func cancel(request: Request, context: Context) async throws -> ModelStatus {
        let model = try choice(context)
        guard await downloads.cancel(model.name) else {
            throw APIError.conflict("not_downloading", "This server is not downloading the model “\(model.name)”.")
        }
        return try await status(of: model.name)
    }

    /// `DELETE /models/{name}`: removes a model's file.
    func delete(request: Request, context: Context) async throws -> Response {
        let name = try context.parameters.require("name")
        let file = Catalogue.model(named: name).flatMap { models.file(named: $0.name) } ?? models.file(named: name)
        guard let model = file ?? models.models().first(where: { $0.name == name.lowercased() }) else {
            throw APIError.notFound("unknown_model", "The model “\(name)” is not installed.")
        }
        guard try await !workers.neededModels().contains(model.name) else {
            throw APIError.conflict(
                "model_in_use",
                "Unfinished transcriptions need the model “\(model.name)”. Cancel them or wait until they are finished."
            )
        }
        try models.remove(model)
        try await workers.ask(.unload(model.name))
        return Response(status: .noContent)
    }

    /// `POST /models/{name}/load`: asks every worker to load an installed model in advance.
    func load(request: Request, context: Context) async throws -> EditedResponse<ModelStatus> {
        try await ask(ModelRequest.load, context)
    }

    /// `POST /models/{name}/unload`: asks every worker to unload a model as soon as it is idle.
    func unload(request: Request, context: Context) async throws -> EditedResponse<ModelStatus> {
        try await ask(ModelRequest.unload, context)
    }

    private func ask(_ request: (String) -> ModelRequest, _ context: Context) async throws -> EditedResponse<ModelStatus> {
        let name = try context.parameters.require("name")
        let model: InstalledModel
        do {
            model = try models.model(named: name)
        } catch {
            throw Self.unknown(error)
        }
        try await workers.ask(request(model.name))
        return EditedResponse(status: .accepted, response: try await status(of: model.name))
    }

    private func status(of name: String) async throws -> ModelStatus {
        try await ModelState.current(workers: workers, models: models, downloads: downloads).status(of: name)
    }

    private func choice(_ context: Context) throws -> ModelChoice {
        let name = try context.parameters.require("name")
        do {
            return try models.choice(named: name)
        } catch {
            throw Self.unknown(error)
        }
    }

    /// An unknown model in the path is a 404; in an option it is a 400.
    private static func unknown(_ error: ModelLibraryError) -> APIError {
        .notFound(error.code, error.description)
    }
}
