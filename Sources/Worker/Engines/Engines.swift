import Archive
import Logging
import ModelLibrary
import Speech
import SystemPackage
import Transcripts

/// A loaded model, with recognizers to lend.
struct Engine: Sendable {
    let installed: InstalledModel
    /// Whether it was loaded to tell the times of words by attention, too.
    let timesWords: Bool
    let model: WhisperModel
    let pool: RecognizerPool
    /// How it is best used on this machine; nil while that is not known.
    let plan: EnginePlan?
}

/// The models that are loaded at the moment: the last one used, and the one before.
actor Engines {
    private let models: ModelLibrary
    private let settings: WorkerSettings
    private var loaded: [Engine] = []
    private var loading: Task<Engine, any Error>?

    /// Weights take up to gigabytes; two of them are one to work with and one not to load again at each other block.
    private static let limit = 2

    init(models: ModelLibrary, settings: WorkerSettings) {
        self.models = models
        self.settings = settings
    }

    /// How many blocks to recognise at the same time.
    var lanes: Int { loaded.first?.pool.size ?? settings.lanes ?? 1 }

    /// The engine for a request, loading its model if need be; one at a time is loaded.
    func engine(for request: TranscriptionRequest) async throws -> Engine {
        while true {
            let installed = try models.model(named: request.model)
            if let index = loaded.firstIndex(where: { $0.installed == installed && $0.timesWords == request.options.wordTimes }) {
                let engine = loaded.remove(at: index)
                loaded.insert(engine, at: 0)
                return engine
            }
            if let loading {
                _ = try? await loading.value
                try Task.checkCancellation()
                continue
            }
            let task = Task { try await load(installed, wordTimes: request.options.wordTimes) }
            loading = task
            defer { loading = nil }
            let engine = try await task.value
            loaded.insert(engine, at: 0)
            if loaded.count > Self.limit { loaded.removeLast(loaded.count - Self.limit) }
            return engine
        }
    }

    private func load(_ installed: InstalledModel, wordTimes: Bool) async throws -> Engine {
        Logger.current.info("Loading a model", metadata: ["model": "\(installed.name)"])
        let model = try await WhisperModel.load(path: installed.path, wordTiming: wordTimes)
        let plan = Calibration.keptPlan(modelPath: installed.path, cache: settings.cacheFolder)
        return Engine(installed: installed, timesWords: wordTimes, model: model, pool: pool(of: model, plan: plan), plan: plan)
    }

    /// Measures how the last model used works best on this machine, unless that is known or set by the operator; for when nothing is to do.
    func calibrate() async {
        guard !isSet, let engine = loaded.first, engine.plan == nil, loading == nil else { return }
        do {
            let plan = try await Calibration.plan(for: engine.model, modelPath: engine.installed.path, cache: settings.cacheFolder)
            Logger.current.info(
                "Measured how the model works best here",
                metadata: ["model": "\(engine.installed.name)", "recognizers": "\(plan.recognizers)", "threads": "\(plan.threads)"]
            )
            guard let index = loaded.firstIndex(where: { $0.model === engine.model }) else { return }
            loaded[index] = Engine(
                installed: engine.installed,
                timesWords: engine.timesWords,
                model: engine.model,
                pool: pool(of: engine.model, plan: plan),
                plan: plan
            )
        } catch {
            Logger.current.warning("How the model works best could not be measured", metadata: ["error": "\(error)"])
        }
    }

    /// Whether the operator decided how many blocks and threads there are, so that nothing needs to be measured.
    private var isSet: Bool { settings.lanes != nil || settings.threads != nil }

    private func pool(of model: WhisperModel, plan: EnginePlan?) -> RecognizerPool {
        if let lanes = settings.lanes { return RecognizerPool(model: model, size: lanes) }
        if let threads = settings.threads { return RecognizerPool(model: model, size: max(1, Processors.available / threads)) }
        return RecognizerPool(model: model, plan: plan ?? .standard)
    }
}
