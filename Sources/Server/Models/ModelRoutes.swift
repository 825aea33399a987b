import Archive
import Hummingbird
import ModelLibrary

/// Which models there are, and what is done with them.
struct ModelRoutes: Sendable {
    typealias Context = APIContext

    let workers: WorkerRegistry
    let models: ModelLibrary
    let desk: ModelDesk

    /// `GET /models/available`: the six sizes everybody knows, what else is installed, and the demo model last; with `?all=true` also
    /// every variant that could be downloaded.
    func available(request: Request, context: Context) async throws -> ModelList {
        let isWhole = try OptionValues(query: request.options).flag("all") ?? false
        let state = try await ModelState.look(workers: workers, models: models, desk: desk)
        return ModelList(models: await state.resources(withVariants: isWhole))
    }

    /// `GET /models/status/{name}`: whether a model is here, loaded, or on its way.
    func status(request: Request, context: Context) async throws -> ModelStatus {
        try await status(of: choice(context).name)
    }

    /// `GET /models/download-progress/{name}`: a stream of a download's progress, which ends with it.
    func progress(request: Request, context: Context) async throws -> Response {
        let model = try choice(context)
        return await .events(on: desk.changes(), from: DownloadEvents(name: model.name, desk: desk, models: models))
    }

    /// `POST /models/{name}/download`: fetches a model in the background; with `?force=true` also one that is here.
    func download(request: Request, context: Context) async throws -> EditedResponse<ModelStatus> {
        let name = try context.parameters.require("name")
        guard let model = Catalogue.model(named: name) else {
            throw Self.unknown(ModelLibraryError.unknownModel(name, installed: models.models().map(\.name)))
        }
        let force = try OptionValues(query: request.options).flag("force") ?? false
        if force || models.file(named: model.name)?.header == nil { await desk.fetch(model, force: force) }
        return EditedResponse(status: .accepted, response: try await status(of: model.name))
    }

    /// `POST /models/{name}/cancel`: stops a download; what has come is kept for the next one.
    func cancel(request: Request, context: Context) async throws -> ModelStatus {
        let model = try choice(context)
        guard await desk.cancel(model.name) else {
            throw APIError(
                status: .conflict,
                code: "not_downloading",
                detail: "The model “\(model.name)” is not being downloaded by this server."
            )
        }
        return try await status(of: model.name)
    }

    /// `DELETE /models/{name}`: takes a model's file away.
    func delete(request: Request, context: Context) async throws -> Response {
        let name = try context.parameters.require("name")
        let file = Catalogue.model(named: name).flatMap { models.file(named: $0.name) } ?? models.file(named: name)
        guard let model = file ?? models.models().first(where: { $0.name == name.lowercased() }) else {
            throw APIError(status: .notFound, code: "unknown_model", detail: "There is no model “\(name)” here.")
        }
        guard try await !workers.neededModels().contains(model.name) else {
            throw APIError(
                status: .conflict,
                code: "model_in_use",
                detail: "Transcriptions that are not finished need the model “\(model.name)”. Cancel them first, or wait for them."
            )
        }
        try models.remove(model)
        try await workers.ask(.unload(model.name))
        return Response(status: .noContent)
    }

    /// `POST /models/{name}/load`: has every worker load an installed model, so that the next transcription need not wait for that.
    func load(request: Request, context: Context) async throws -> EditedResponse<ModelStatus> {
        try await ask(ModelRequest.load, context)
    }

    /// `POST /models/{name}/unload`: has every worker let go of a model when nobody uses it.
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
        try await ModelState.look(workers: workers, models: models, desk: desk).status(of: name)
    }

    private func choice(_ context: Context) throws -> ModelChoice {
        let name = try context.parameters.require("name")
        do {
            return try models.choice(named: name)
        } catch {
            throw Self.unknown(error)
        }
    }

    /// A model that the path names is a thing that isn't there; one that an option names is a wrong option.
    private static func unknown(_ error: ModelLibraryError) -> APIError {
        APIError(status: .notFound, code: error.code, detail: error.description)
    }
}
