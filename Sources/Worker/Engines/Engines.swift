import Archive
import Basics
import Foundation
import Logging
import ModelLibrary
import Speech
import SystemPackage
import Transcripts

/// The loaded models: as many as memory allows, the one used last first.
///
/// One is loaded at a time. An idle model is unloaded when its time is up, or when another model needs its memory.
actor Engines {
    private struct Place {
        var engine: Engine
        /// How many jobs use it now.
        var users = 0
        var lastUsed = ContinuousClock.now
    }

    private let models: ModelLibrary
    private let settings: WorkerSettings
    private let budget: MemoryBudget
    private var places: [Place] = []
    private var loading: (name: String, task: Task<Void, any Error>)?
    private var failures: [String: String] = [:]
    /// Tasks that wait until a job returns its engine.
    private var waiters: [UUID: CheckedContinuation<Void, Never>] = [:]

    /// Signals that the report has changed.
    nonisolated let changes = Broadcast<OneTopic, Void>()

    init(models: ModelLibrary, settings: WorkerSettings) {
        self.models = models
        self.settings = settings
        budget = MemoryBudget(limit: settings.modelMemory)
    }

    /// How many blocks are recognized at the same time.
    var lanes: Int { places.first?.engine.pool.size ?? settings.lanes ?? 1 }

    /// Whether an installed model knows languages other than English, from its header; true if that is not readable.
    nonisolated func isMultilingual(_ name: String) -> Bool {
        (try? models.model(named: name))?.header?.isMultilingual ?? true
    }

    /// How many jobs wait for memory.
    var waiting: Int { waiters.count }

    /// The names of the installed models, loaded or not.
    nonisolated var available: [String] { models.models().map(\.name) }

    /// The state of the models, each once.
    var report: [WorkerModel] {
        var report: [String: WorkerModel] = failures.reduce(into: [:]) { report, failure in
            report[failure.key] = WorkerModel(name: failure.key, state: .failed, message: failure.value)
        }
        if let loading { report[loading.name] = WorkerModel(name: loading.name, state: .loading) }
        for engine in places.map(\.engine) {
            let memory = engine.memoryBytes + (report[engine.installed.name]?.memoryBytes ?? 0)
            report[engine.installed.name] = WorkerModel(name: engine.installed.name, state: .loaded, memoryBytes: memory)
        }
        return report.values.sorted { $0.name < $1.name }
    }

    /// Lends the engine for a request, and loads its model if necessary.
    ///
    /// Throws `ModelLibraryError`, `ModelDoesNotFit`, `SpeechError`, or what the work throws.
    nonisolated func withEngine<Result: Sendable>(
        for request: TranscriptionRequest,
        _ work: (Engine) async throws -> Result
    ) async throws -> Result {
        let engine = try await take(for: request)
        do {
            let result = try await work(engine)
            await takeBack(engine)
            return result
        } catch {
            await takeBack(engine)
            throw error
        }
    }

    /// Loads a model and runs it once, so that the next job finds it warm.
    nonisolated func load(_ name: String) async {
        let silence = Block(start: 0, samples: [Float](repeating: 0, count: 16_000))
        do {
            try await withEngine(for: TranscriptionRequest(model: name)) { engine in
                _ = try await engine.pool.languageProbabilities(of: silence, threads: settings.threads)
            }
        } catch {
            Logger.current.warning("A model could not be loaded", metadata: ["model": "\(name)", "error": "\(error)"])
            await record(failure: error, of: name)
        }
    }

    /// Unloads a model; its memory is free when the jobs that use it are done.
    func unload(_ name: String) {
        failures[name] = nil
        remove { $0.engine.installed.name == name }
    }

    /// Unloads the models that were idle for their time.
    func unloadIdle(now: ContinuousClock.Instant = .now) {
        remove { place in
            guard place.users == 0, let time = settings.idleTimes.time(of: place.engine.installed.name) else { return false }
            return now - place.lastUsed >= time
        }
    }

    private func take(for request: TranscriptionRequest) async throws -> Engine {
        let timesWords = request.options.wordTimes
        while true {
            try Task.checkCancellation()
            let installed = try models.model(named: request.model)
            let version = FileVersion(of: installed.path)
            if let index = places.firstIndex(where: { $0.engine.serves(installed, version: version, timesWords: timesWords) }) {
                var place = places.remove(at: index)
                place.users += 1
                place.lastUsed = .now
                places.insert(place, at: 0)
                return place.engine
            }
            // Its file was replaced; jobs that use the old weights may finish.
            remove { $0.engine.installed == installed && $0.engine.version != version }
            if let loading {
                // A failure is reported to the task that loads the model.
                _ = await loading.task.result
                continue
            }
            let plan = Calibration.keptPlan(modelPath: installed.path, cache: settings.cacheFolder)
            let need = MemoryBudget.need(of: installed, recognizers: recognizers(with: plan))
            do {
                guard try makeRoom(for: need, of: installed.name) else {
                    await waitForRelease()
                    continue
                }
            } catch {
                record(failure: error, of: installed.name)
                throw error
            }
            // Loading continues for the next job, even if this one is cancelled in the meantime.
            let task = Task { try await self.load(installed, version: version, timesWords: timesWords, plan: plan, need: need) }
            loading = (installed.name, task)
            changes.send(())
            try await task.value
        }
    }

    /// Whether an installed model is loaded, or would fit now if the idle ones were unloaded.
    func hasRoom(for name: String) -> Bool {
        guard let installed = try? models.model(named: name), !places.contains(where: { $0.engine.installed == installed }) else {
            return true
        }
        let need = MemoryBudget.need(
            of: installed,
            recognizers: recognizers(with: Calibration.keptPlan(modelPath: installed.path, cache: settings.cacheFolder))
        )
        let idle = places.filter { $0.users == 0 }.reduce(0) { $0 + $1.engine.memoryBytes }
        return need <= budget.available(beside: places.map(\.engine)) + idle
    }

    private func takeBack(_ engine: Engine) {
        if let index = places.firstIndex(where: { $0.engine.model === engine.model }) {
            places[index].users -= 1
            places[index].lastUsed = .now
        }
        let woken = waiters.values
        waiters = [:]
        for waiter in woken { waiter.resume() }
    }

    /// Waits until a job returns its engine, or the task is cancelled.
    private func waitForRelease() async {
        let ticket = UUID()
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if Task.isCancelled { continuation.resume() } else { waiters[ticket] = continuation }
            }
        } onCancel: {
            Task { await self.wake(ticket) }
        }
    }

    private func wake(_ ticket: UUID) {
        waiters.removeValue(forKey: ticket)?.resume()
    }

    private func record(failure: any Error, of name: String) {
        guard !(failure is CancellationError) else { return }
        if case .input(let known) = FailureCause(failure) {
            failures[name] = known.message
        } else {
            failures[name] = FailureCause(failure, model: name).fault?.message ?? "The model could not be loaded."
        }
        changes.send(())
    }

    private func remove(_ isUnwanted: (Place) -> Bool) {
        let unwanted = places.filter(isUnwanted)
        guard !unwanted.isEmpty else { return }
        places.removeAll(where: isUnwanted)
        for place in unwanted { Logger.current.info("Unloaded a model", metadata: ["model": "\(place.engine.installed.name)"]) }
        changes.send(())
    }

    /// Loads a model and gives it a place; afterwards `loading` is nil.
    private func load(
        _ installed: InstalledModel,
        version: FileVersion?,
        timesWords: Bool,
        plan: EnginePlan?,
        need: Int64
    ) async throws {
        Logger.current.info("Loading a model", metadata: ["model": "\(installed.name)", "memory_mb": "\(need / 1_000_000)"])
        defer {
            loading = nil
            changes.send(())
        }
        do {
            let model = try await WhisperModel.load(path: installed.path, wordTiming: timesWords)
            let engine = Engine(
                installed: installed,
                version: version,
                timesWords: timesWords,
                model: model,
                pool: pool(of: model, plan: plan),
                plan: plan,
                memoryBytes: need
            )
            places.insert(Place(engine: engine), at: 0)
            failures[installed.name] = nil
        } catch {
            record(failure: error, of: installed.name)
            throw error
        }
    }

    /// Unloads idle models until another one fits, the longest unused first; false if a model in use would have to go.
    ///
    /// Throws `ModelDoesNotFit` if nothing is loaded.
    private func makeRoom(for need: Int64, of name: String) throws(ModelDoesNotFit) -> Bool {
        while true {
            let available = budget.available(beside: places.map(\.engine))
            if need <= available { return true }
            guard let index = places.lastIndex(where: { $0.users == 0 }) else {
                if places.isEmpty {
                    throw ModelDoesNotFit(
                        model: name,
                        needed: need,
                        available: max(0, available),
                        fitsWhenIdle: budget.fitsWhenIdle(need)
                    )
                }
                return false
            }
            let place = places.remove(at: index)
            Logger.current.info("Unloaded a model to make room", metadata: ["model": "\(place.engine.installed.name)"])
        }
    }

    /// Measures how the model used last works best on this machine, unless that is known or set by the operator; called when idle.
    func calibrate() async {
        guard !isSet, let engine = places.first?.engine, engine.plan == nil, loading == nil else { return }
        do {
            let plan = try await Calibration.plan(for: engine.model, modelPath: engine.installed.path, cache: settings.cacheFolder)
            Logger.current.info(
                "Measured how the model works best on this machine",
                metadata: ["model": "\(engine.installed.name)", "recognizers": "\(plan.recognizers)", "threads": "\(plan.threads)"]
            )
            guard let index = places.firstIndex(where: { $0.engine.model === engine.model }) else { return }
            places[index].engine = Engine(
                installed: engine.installed,
                version: engine.version,
                timesWords: engine.timesWords,
                model: engine.model,
                pool: pool(of: engine.model, plan: plan),
                plan: plan,
                memoryBytes: MemoryBudget.need(of: engine.installed, recognizers: recognizers(with: plan))
            )
        } catch {
            Logger.current.warning("The model's best use of the cores could not be measured", metadata: ["error": "\(error)"])
        }
    }

    /// Whether the operator set the number of lanes or threads, so that nothing needs to be measured.
    private var isSet: Bool { settings.lanes != nil || settings.threads != nil }

    private func recognizers(with plan: EnginePlan?) -> Int {
        settings.lanes ?? settings.threads.map { max(1, Processors.available / $0) } ?? (plan ?? .standard).recognizers
    }

    private func pool(of model: WhisperModel, plan: EnginePlan?) -> RecognizerPool {
        isSet
            ? RecognizerPool(model: model, size: recognizers(with: plan))
            : RecognizerPool(model: model, plan: plan ?? .standard)
    }
}
