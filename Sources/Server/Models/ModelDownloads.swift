import Archive
import AsyncAlgorithms
import Basics
import Logging
import ModelLibrary
import ServiceLifecycle

/// Downloads models in the background: those that `PRELOAD_MODELS` names, those that a client asks for, and those that a transcription
/// waits for.
///
/// Several processes may do so in one folder: they share each download.
package actor ModelDownloads: Service {
    /// The state of a download.
    enum Download: Sendable, Hashable {
        case running(DownloadProgress)
        case done
        case cancelled
        case failed(code: String, message: String)
    }

    private let events: EventLog
    private let workers: WorkerRegistry
    private let library: Library
    private let hub: EventHub
    private let models: ModelLibrary
    private let downloader: ModelDownloader
    private let preload: ModelPreload
    private let progress = Broadcast<OneTopic, Void>()
    private var tasks: [String: Task<Void, Never>] = [:]
    private var downloads: [String: Download] = [:]
    private var announcedAt: [String: ContinuousClock.Instant] = [:]
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

    /// Downloads what is missing until shut down; the next start resumes the downloads that are running then.
    package func run() async throws {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.fetchPreloaded() }
            await followNeeds()
            await close()
            group.cancelAll()
        }
    }

    private func followNeeds() async {
        // New jobs are announced, a model file that was removed is not: so check from time to time, too.
        let timer = AsyncTimerSequence(interval: .seconds(15), clock: .continuous).map { _ in }
        for await _ in merge(hub.jobs(), timer).cancelOnGracefulShutdown() {
            do {
                try await fetchNeeded()
            } catch {
                Logger.current.warning("Could not find out which models are needed", metadata: ["error": "\(error)"])
            }
        }
    }

    private func close() async {
        isClosed = true
        for task in tasks.values { task.cancel() }
        for task in tasks.values { await task.value }
        progress.finish()
    }

    /// Downloads the preloaded models one after the other, so that the first is available soonest. Failed downloads are retried after
    /// increasing pauses, cancelled ones are not.
    private func fetchPreloaded() async {
        var missing = preload.models
        if !preload.isForced { missing.removeAll { isInstalled($0.name) } }
        var pause = Duration.seconds(30)
        while !missing.isEmpty, !isClosed {
            for model in missing {
                fetch(model, force: preload.isForced)
                await tasks[model.name]?.value
            }
            missing.removeAll { [.done, .cancelled].contains(downloads[$0.name]) || !preload.isForced && isInstalled($0.name) }
            guard !missing.isEmpty, (try? await Task.sleep(for: pause)) != nil else { return }
            pause = min(pause * 2, .seconds(1800))
        }
    }

    private func isInstalled(_ name: String) -> Bool {
        models.models().contains { $0.name == name }
    }

    /// Starts to download a model, unless that download is running.
    func fetch(_ model: CatalogueModel, force: Bool = false) {
        guard tasks[model.name] == nil, !isClosed else { return }
        update(model.name, to: .running(DownloadProgress(phase: .downloading, bytes: 0, total: model.sizeBytes)))
        tasks[model.name] = Task {
            await download(model, force: force)
            // Only now may another download start: the transcriptions that waited for this one know its result.
            tasks[model.name] = nil
        }
    }

    /// Stops a download and keeps its bytes.
    ///
    /// - Returns: False if none is running.
    func cancel(_ name: String) -> Bool {
        guard let task = tasks[name] else { return false }
        task.cancel()
        return true
    }

    /// The state of the last download of a model in this process, or of one that is running in another; nil if there was none.
    func download(of name: String) -> Download? {
        if case .running(let progress)? = downloads[name] { return .running(progress) }
        if let model = Catalogue.model(named: name), let progress = downloader.progressElsewhere(of: model) { return .running(progress) }
        return downloads[name]
    }

    /// The running download that a transcription waits for; nil if it waits for none.
    func downloadAwaited(by transcription: Transcription) -> DownloadResource? {
        guard transcription.state == .pending else { return nil }
        guard case .running(let progress)? = download(of: transcription.request.model) else { return nil }
        return DownloadResource(.running(progress))
    }

    /// Yields at once, and then whenever a download makes progress.
    nonisolated func changes() -> AsyncStream<Void> {
        progress.subscribe(buffering: .bufferingNewest(1), first: ())
    }

    private func update(_ name: String, to download: Download) {
        downloads[name] = download
        progress.send(())
    }

    private func download(_ model: CatalogueModel, force: Bool) async {
        let name = model.name
        Logger.current.info("Downloading a model", metadata: ["model": "\(name)", "bytes": "\(model.sizeBytes)"])
        await announce(name)
        do {
            _ = try await downloader.download(model, force: force) { [weak self] progress in
                await self?.report(progress, of: name)
            }
            Logger.current.info("Downloaded a model", metadata: ["model": "\(name)"])
            update(name, to: .done)
            await announce(name)
        } catch is CancellationError {
            update(name, to: .cancelled)
            await announce(name)
            guard !isClosed else { return }
            // This task is cancelled and can store nothing any more.
            await Task {
                await failTranscriptions(
                    waitingFor: name,
                    code: "model_download_cancelled",
                    message: "The download of the model “\(name)” was canceled."
                )
            }.value
        } catch {
            let (code, message) = Self.explain(error)
            Logger.current.warning("Could not download a model", metadata: ["model": "\(name)", "error": "\(error)"])
            update(name, to: .failed(code: code, message: message))
            await announce(name)
            let sentence = "The model “\(name)” could not be downloaded. \(message)"
            await failTranscriptions(waitingFor: name, code: "model_unavailable", message: sentence)
        }
    }

    /// Takes note of progress, and announces it every two seconds.
    private func report(_ progress: DownloadProgress, of name: String) async {
        update(name, to: .running(progress))
        if let last = announcedAt[name], .now - last < .seconds(2) { return }
        await announce(name)
    }

    /// Writes the state of a download to the event log.
    private func announce(_ name: String) async {
        guard let download = downloads[name] else { return }
        announcedAt[name] = .now
        // A task of its own, because that of a cancelled download can store nothing.
        await Task {
            do {
                try await events.recordDownload(of: name, DownloadEventDetails(name: name, download: DownloadResource(download)))
            } catch {
                Logger.current.warning(
                    "Could not announce the progress of a download",
                    metadata: ["model": "\(name)", "error": "\(error)"]
                )
            }
        }.value
    }

    private static func explain(_ error: any Error) -> (code: String, message: String) {
        guard let error = error as? DownloadError else { return ("internal_error", "Details are in Earshot's log.") }
        return (error.code, error.description)
    }

    /// Downloads the models that transcriptions wait for, and fails the transcriptions whose model is unknown.
    private func fetchNeeded() async throws {
        let installed = Set(models.models().map(\.name))
        for name in try await workers.neededModels() where !installed.contains(name) {
            if let model = Catalogue.model(named: name) {
                fetch(model)
            } else if let damaged = models.damagedModels().first(where: { $0.model.name == name }) {
                let error = ModelLibraryError.damaged(name, damaged.reason)
                await failTranscriptions(waitingFor: name, code: error.code, message: error.description)
            } else {
                await failTranscriptions(waitingFor: name, code: "unknown_model", message: "The model “\(name)” is no longer installed.")
            }
        }
    }

    /// Fails the transcriptions that wait for a model, unless it is installed by now.
    private func failTranscriptions(waitingFor name: String, code: String, message: String) async {
        guard !isInstalled(name) else { return }
        do {
            try await library.failAll(waitingFor: name, TranscriptionFailure(code: code, message: message))
        } catch {
            Logger.current.error(
                "Could not fail the transcriptions that wait for a model",
                metadata: ["model": "\(name)", "error": "\(error)"]
            )
        }
    }
}
