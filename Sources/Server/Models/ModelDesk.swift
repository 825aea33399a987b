import Archive
import AsyncAlgorithms
import Logging
import ModelLibrary
import ServiceLifecycle

/// Fetches models in the background: those that are to be there from the start, those that somebody asks for, and those that a
/// transcription waits for.
///
/// Several processes may do so over one folder: they share each download.
package actor ModelDesk: Service {
    /// How a download stands.
    enum Download: Sendable, Hashable {
        case running(DownloadProgress)
        case done
        case cancelled
        /// It ended badly: a word for programs and a sentence for people.
        case failed(code: String, message: String)
    }

    private let events: EventLog
    private let workers: WorkerRegistry
    private let library: Library
    private let hub: EventHub
    private let models: ModelLibrary
    private let downloader: ModelDownloader
    private let preload: ModelPreload
    private var tasks: [String: Task<Void, Never>] = [:]
    private var downloads: [String: Download] = [:]
    private var readers: [Int: AsyncStream<Void>.Continuation] = [:]
    private var lastReader = 0
    private var toldAt: [String: ContinuousClock.Instant] = [:]
    private var isClosed = false

    package init(
        events: EventLog,
        workers: WorkerRegistry,
        library: Library,
        hub: EventHub,
        models: ModelLibrary,
        downloader: ModelDownloader,
        preload: ModelPreload = ModelPreload()
    ) {
        self.events = events
        self.workers = workers
        self.library = library
        self.hub = hub
        self.models = models
        self.downloader = downloader
        self.preload = preload
    }

    /// Fetches what is to be there and what transcriptions wait for, until shut down; a download that is under way then goes on at the next
    /// start.
    package func run() async throws {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.fetchPreloaded() }
            await followNeeds()
            await close()
            group.cancelAll()
        }
    }

    private func followNeeds() async {
        // Besides being told of new jobs it looks by itself: somebody may have removed a file.
        let timer = AsyncTimerSequence(interval: .seconds(15), clock: .continuous).map { _ in }
        for await _ in merge(hub.jobs(), timer).cancelOnGracefulShutdown() {
            do {
                try await fetchNeeded()
            } catch {
                Logger.current.warning("Which models are needed could not be found out", metadata: ["error": "\(error)"])
            }
        }
    }

    private func close() async {
        isClosed = true
        for task in tasks.values { task.cancel() }
        for task in tasks.values { await task.value }
        for reader in readers.values { reader.finish() }
    }

    /// Fetches what is to be there from the start, one after the other, so that the first can be used soonest. What fails is tried again
    /// after longer and longer pauses; what somebody cancels is not.
    private func fetchPreloaded() async {
        var missing = preload.models
        if !preload.isForced { missing.removeAll(where: isHere) }
        var pause = Duration.seconds(30)
        while !missing.isEmpty, !isClosed {
            for model in missing {
                fetch(model, force: preload.isForced)
                await tasks[model.name]?.value
            }
            missing.removeAll { [.done, .cancelled].contains(downloads[$0.name]) || !preload.isForced && isHere($0) }
            guard !missing.isEmpty, (try? await Task.sleep(for: pause)) != nil else { return }
            pause = min(pause * 2, .seconds(1800))
        }
    }

    private func isHere(_ model: CatalogueModel) -> Bool {
        models.models().contains { $0.name == model.name }
    }

    /// Begins to fetch a model, unless that is being done already.
    func fetch(_ model: CatalogueModel, force: Bool = false) {
        guard tasks[model.name] == nil, !isClosed else { return }
        note(.running(DownloadProgress(phase: .downloading, bytes: 0, total: model.sizeBytes)), of: model.name)
        tasks[model.name] = Task {
            await download(model, force: force)
            // Only now may somebody begin anew: what waited for this download has been told how it ended.
            tasks[model.name] = nil
        }
    }

    /// Stops a download and keeps what has come; false if none is under way.
    func cancel(_ name: String) -> Bool {
        guard let task = tasks[name] else { return false }
        task.cancel()
        return true
    }

    /// How the last download of a model stands, here or in another process; nil if there was none.
    func download(of name: String) -> Download? {
        if case .running(let progress)? = downloads[name] { return .running(progress) }
        if let model = Catalogue.model(named: name), let progress = downloader.progressElsewhere(of: model) { return .running(progress) }
        return downloads[name]
    }

    /// The download that a transcription waits for; nil if it waits for none.
    func downloadAwaited(by transcription: Transcription) -> DownloadResource? {
        guard transcription.state == .pending else { return nil }
        guard case .running(let progress)? = download(of: transcription.request.model) else { return nil }
        return DownloadResource(.running(progress))
    }

    /// Yields at once, and then whenever a download has got on.
    func changes() -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        lastReader += 1
        let reader = lastReader
        readers[reader] = continuation
        continuation.onTermination = { [weak self] _ in Task { await self?.leave(reader) } }
        continuation.yield()
        return stream
    }

    private func leave(_ reader: Int) {
        readers[reader] = nil
    }

    private func note(_ download: Download, of name: String) {
        downloads[name] = download
        for reader in readers.values { reader.yield() }
    }

    private func download(_ model: CatalogueModel, force: Bool) async {
        let name = model.name
        Logger.current.info("Downloading a model", metadata: ["model": "\(name)", "bytes": "\(model.sizeBytes)"])
        await tell(name)
        do {
            _ = try await downloader.download(model, force: force) { [weak self] progress in
                await self?.progressed(progress, of: name)
            }
            Logger.current.info("Downloaded a model", metadata: ["model": "\(name)"])
            note(.done, of: name)
            await tell(name)
        } catch is CancellationError {
            note(.cancelled, of: name)
            await tell(name)
            guard !isClosed else { return }
            // This task is cancelled, and nothing can be stored in it any more.
            await Task {
                await refuse(name, code: "model_download_cancelled", message: "The download of the model “\(name)” was cancelled.")
            }.value
        } catch {
            let (code, message) = Self.explain(error)
            Logger.current.warning("A model could not be downloaded", metadata: ["model": "\(name)", "error": "\(error)"])
            note(.failed(code: code, message: message), of: name)
            await tell(name)
            await refuse(name, code: "model_unavailable", message: "The model “\(name)” could not be downloaded. \(message)")
        }
    }

    /// Notes a step, and tells everybody of one every two seconds.
    private func progressed(_ progress: DownloadProgress, of name: String) async {
        note(.running(progress), of: name)
        if let last = toldAt[name], .now - last < .seconds(2) { return }
        await tell(name)
    }

    /// Writes down, for those who follow all events, how a download stands.
    private func tell(_ name: String) async {
        guard let download = downloads[name] else { return }
        toldAt[name] = .now
        // A task because a download that was cancelled is to be told of, too.
        await Task {
            do {
                try await events.recordDownload(of: name, DownloadEventDetails(name: name, download: DownloadResource(download)))
            } catch {
                Logger.current.warning("A download's progress could not be told", metadata: ["model": "\(name)", "error": "\(error)"])
            }
        }.value
    }

    private static func explain(_ error: any Error) -> (code: String, message: String) {
        guard let error = error as? DownloadError else { return ("internal_error", "Earshot's log says more.") }
        return (error.code, error.description)
    }

    /// Fetches what transcriptions wait for, and ends those whose model can't be had.
    private func fetchNeeded() async throws {
        let installed = Set(models.models().map(\.name))
        for name in try await workers.neededModels() where !installed.contains(name) {
            if let model = Catalogue.model(named: name) {
                fetch(model)
            } else {
                await refuse(name, code: "unknown_model", message: "The model “\(name)” is not here any more.")
            }
        }
    }

    /// Ends transcriptions that wait for a model, if it really is not here.
    private func refuse(_ name: String, code: String, message: String) async {
        guard !models.models().contains(where: { $0.name == name }) else { return }
        do {
            try await library.failAll(waitingFor: name, TranscriptionFailure(code: code, message: message))
        } catch {
            Logger.current.error("What waits for a model could not be ended", metadata: ["model": "\(name)", "error": "\(error)"])
        }
    }
}
