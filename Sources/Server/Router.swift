import Archive
import Basics
import HTTPSupport
import Hummingbird

extension Server {
    /// All routes of the API.
    ///
    /// - Throws: An error if the API's description cannot be read.
    func router() throws -> Router<APIContext> {
        let router = Router(context: APIContext.self, options: .autoGenerateHeadEndpoints)
        let access = settings.access.listening(on: settings.host)
        router.add(middleware: CrossOrigin(access))
        router.add(middleware: ErrorResponses())
        router.add(middleware: AccessGuard(access))
        router.add(middleware: ContinueAnswer())

        let health = HealthRoutes(monitor: HealthMonitor(checks))
        router.get("/health/live", use: health.live)
        router.get("/health/ready", use: health.ready)

        let info = InfoRoutes(workers: archive.workers, models: models, settings: settings)
        router.get("/", use: info.welcome)

        let documentation = try DocumentationRoutes()
        router.get("/openapi.json", use: documentation.document)
        router.get("/docs", use: documentation.page)
        router.get("/docs/:file", use: documentation.file)

        let api = router.group("/api/v1")
        api.get("/health", use: health.health)
        api.get("/info", use: info.info)

        addModels(to: api)
        addCompatible(to: router)

        let reader = TranscriptionReader(library: archive.library, texts: archive.texts, hub: hub, downloads: downloads)
        addTranscriptions(to: api, reader: reader)
        addLibrary(to: api, reader: reader)
        addUploads(to: api)
        // Added last, so that it is asked only if no route answers.
        router.add(middleware: MethodCheck(routes: router.routes))
        return router
    }

    private func addTranscriptions(to api: RouterGroup<APIContext>, reader: TranscriptionReader) {
        let transcriptions = TranscriptionRoutes(
            recordings: archive.recordings,
            reader: reader,
            models: models,
            settings: settings
        )
        api.post("/transcriptions", use: transcriptions.create)
        let texts = api.group().add(middleware: heavyRequests)
        texts.get("/transcriptions/:id", use: transcriptions.show)
        api.delete("/transcriptions/:id", use: transcriptions.delete)
        api.get("/transcriptions/:id/audio", use: transcriptions.audio)

        let events = EventRoutes(log: archive.events, reader: reader)
        api.get("/events", use: events.all)
        api.get("/transcriptions/:id/events", use: events.ofTranscription)
        api.get("/search", use: SearchRoutes(index: archive.search, timeLimit: settings.searchTimeLimit).search)

        let transcripts = TranscriptRoutes(texts: archive.texts, reader: reader)
        texts.get("/transcriptions/:id/segments", use: transcripts.segments)
        texts.get("/transcriptions/:id/words", use: transcripts.words)
        texts.get("/transcriptions/:id/export", use: transcripts.export)

        let edits = EditRoutes(texts: archive.texts, reader: reader, largestBody: settings.maximumEditBytes)
        texts.patch("/transcriptions/:id", use: edits.change)
        api.get("/transcriptions/:id/revisions", use: edits.revisions)
        texts.post("/transcriptions/:id/revisions/:number/restore", use: edits.restore)
        api.post("/transcriptions/:id/enhance", use: EnhancementRoutes(reader: reader).enhance)

        let control = ControlRoutes(library: archive.library, texts: archive.texts, reader: reader)
        api.post("/transcriptions/:id/cancel", use: control.cancel)
        api.post("/transcriptions/:id/pause", use: control.pause)
        api.post("/transcriptions/:id/resume", use: control.resume)
        api.post("/transcriptions/:id/retry", use: control.retry)
        api.get("/transcriptions/:id/removals", use: control.removals)
        texts.post("/transcriptions/:id/removals/:removal/restore", use: control.restore)
    }

    private var heavyRequests: HeavyRequests {
        let turnstile = Turnstile(places: settings.heavyRequests, waiting: settings.heavyRequestsWaiting, wait: settings.heavyRequestWait)
        return HeavyRequests(texts: archive.texts, turnstile: turnstile, largestBody: settings.maximumEditBytes)
    }

    private func addLibrary(to api: RouterGroup<APIContext>, reader: TranscriptionReader) {
        let library = LibraryRoutes(library: archive.library, reader: reader)
        api.get("/transcriptions", use: library.list)
        api.post("/transcriptions/delete", use: library.deleteMany)
        api.get("/statistics", use: library.statistics)

        let recordings = AudioFileRoutes(recordings: archive.recordings, library: archive.library, reader: reader, models: models)
        api.get("/audio-files/:id/transcriptions", use: recordings.transcriptions)
        api.post("/audio-files/:id/transcriptions", use: recordings.transcribe)
        api.delete("/audio-files/:id", use: recordings.delete)
        api.post("/transcriptions/:id/ranges", use: recordings.transcribeRange)
    }

    /// The paths of other servers, for programs that are written for them.
    private func addCompatible(to router: Router<APIContext>) {
        let openAI = OpenAIModelRoutes(models: models)
        router.get("/v1/models", use: openAI.list)
        router.get("/v1/models/:name", use: openAI.show)

        let transcriber = UploadTranscriber(
            recordings: archive.recordings,
            library: archive.library,
            texts: archive.texts,
            hub: hub,
            models: models,
            settings: settings
        )
        let audio = OpenAIAudioRoutes(transcriber: transcriber)
        router.post("/v1/audio/transcriptions", use: audio.transcriptions)
        router.post("/v1/audio/translations", use: audio.translations)
        let webService = WebServiceRoutes(transcriber: transcriber)
        router.post("/asr", use: webService.asr)
        router.post("/detect-language", use: webService.detectLanguage)
        router.post("/inference", use: InferenceRoutes(transcriber: transcriber).inference)
    }

    private func addUploads(to api: RouterGroup<APIContext>) {
        let routes = ResumableUploadRoutes(uploads: archive.uploads, acceptance: uploadAcceptance, settings: settings)
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
        let routes = ModelRoutes(workers: archive.workers, models: models, downloads: downloads)
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
