import Hummingbird

extension Server {
    /// Every path of the API.
    func router() -> Router<APIContext> {
        let router = Router(context: APIContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: ErrorResponses())

        let health = HealthRoutes(archive: archive)
        router.get("/health/live", use: health.live)
        router.get("/health/ready", use: health.ready)

        let api = router.group("/api/v1")
        api.get("/health", use: health.health)

        addModels(to: api)
        addCompatible(to: router)

        let transcriptions = TranscriptionRoutes(archive: archive, hub: hub, models: models, desk: desk, settings: settings)
        api.post("/transcriptions", use: transcriptions.create)
        api.get("/transcriptions", use: transcriptions.list)
        api.get("/transcriptions/:id", use: transcriptions.show)
        api.delete("/transcriptions/:id", use: transcriptions.delete)
        api.get("/transcriptions/:id/audio", use: transcriptions.audio)
        api.get("/transcriptions/:id/export", use: transcriptions.export)
        api.get("/transcriptions/:id/events", use: transcriptions.events)

        addUploads(to: api)

        let control = ControlRoutes(archive: archive)
        api.post("/transcriptions/:id/cancel", use: control.cancel)
        api.post("/transcriptions/:id/pause", use: control.pause)
        api.post("/transcriptions/:id/resume", use: control.resume)
        api.post("/transcriptions/:id/retry", use: control.retry)
        api.get("/transcriptions/:id/removals", use: control.removals)
        api.post("/transcriptions/:id/removals/:removal/restore", use: control.restore)
        return router
    }

    /// The paths of other servers, for programs that are written for those.
    private func addCompatible(to router: Router<APIContext>) {
        let openAI = OpenAIModelRoutes(models: models)
        router.get("/v1/models", use: openAI.list)
        router.get("/v1/models/:name", use: openAI.show)

        let room = WaitingRoom(archive: archive, hub: hub, models: models, settings: settings)
        let audio = OpenAIAudioRoutes(room: room)
        router.post("/v1/audio/transcriptions", use: audio.transcriptions)
        router.post("/v1/audio/translations", use: audio.translations)
        let webService = WebServiceRoutes(room: room)
        router.post("/asr", use: webService.asr)
        router.post("/detect-language", use: webService.detectLanguage)
        router.post("/inference", use: InferenceRoutes(room: room).inference)
    }

    private func addUploads(to api: RouterGroup<APIContext>) {
        let routes = ResumableUploadRoutes(archive: archive, models: models, settings: settings)
        let uploads = api.group("/uploads").add(middleware: TusProtocol()).add(middleware: ErrorResponses())
        uploads.on("", method: .options, use: routes.options)
        uploads.post(use: routes.create)
        uploads.on("/:id", method: .options, use: routes.options)
        uploads.get("/:id", use: routes.show)
        uploads.patch("/:id", use: routes.append)
        uploads.delete("/:id", use: routes.delete)
        uploads.post("/:id", use: routes.overridden)
    }

    private func addModels(to api: RouterGroup<APIContext>) {
        let routes = ModelRoutes(archive: archive, models: models, desk: desk)
        api.get("/models/available", use: routes.available)
        api.get("/models/status/:name", use: routes.status)
        api.get("/models/download-progress/:name", use: routes.progress)
        api.post("/models/:name/download", use: routes.download)
        api.post("/models/:name/cancel", use: routes.cancel)
        api.post("/models/:name/load", use: routes.load)
        api.post("/models/:name/unload", use: routes.unload)
        api.delete("/models/:name", use: routes.delete)
    }
}
