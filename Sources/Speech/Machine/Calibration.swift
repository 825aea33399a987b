import Foundation
import Logging
import SystemPackage

/// Measures how a machine's cores are best used with a model.
package enum Calibration {
    /// The plan for a model on this machine: as it was measured before, or else measured now and stored.
    ///
    /// Measuring takes a few seconds at most, or one pass of a model that is slower than that. A plan that was measured beside other busy
    /// processes is used with care, and not stored.
    ///
    /// - Parameters:
    ///   - modelPath: The file that the model was loaded from; a plan is stored for its name and size.
    ///   - cache: The folder in which plans are stored. A folder that can't be written to is not an error.
    package static func plan(for model: WhisperModel, modelPath: FilePath, cache: FilePath) async throws -> EnginePlan {
        let key = CalibrationKey(modelPath: modelPath)
        let store = CalibrationStore(folder: cache)
        if let kept = store.plan(for: key) { return kept }
        guard Processors.available > 1 else { return EnginePlan(recognizers: 1, threads: 1) }
        let (plan, isDependable) = try await measure(model)
        Logger.current.info(
            "Measured how to use the cores",
            metadata: [
                "recognizers": "\(plan.recognizers)", "threads": "\(plan.threads)", "threads_alone": "\(plan.threadsAlone)",
                "dependable": "\(isDependable)",
            ]
        )
        // The other processes may end in a minute, and the idle cores are counted before each block anyway.
        guard isDependable else {
            return EnginePlan(recognizers: plan.recognizers, threads: plan.threads, threadsAlone: Processors.available)
        }
        store.keep(plan, for: key)
        return plan
    }

    /// The plan that was stored for a model's file on this machine; nil if none was.
    package static func keptPlan(modelPath: FilePath, cache: FilePath) -> EnginePlan? {
        CalibrationStore(folder: cache).plan(for: CalibrationKey(modelPath: modelPath))
    }

    /// Tries combinations of recognizers and threads within a time limit.
    private static func measure(_ model: WhisperModel) async throws -> (EnginePlan, isDependable: Bool) {
        let benchmark = try await EngineBenchmark(model: model)
        FreeCores.shared.observe()
        let speeds = try await CalibrationTrials(cores: Processors.available).run { recognizers, threads in
            try await benchmark.speed(recognizers: recognizers, threads: threads)
        }
        // Above half a core of other work, the figures depend more on that work than on the model.
        FreeCores.shared.observe()
        return (speeds.plan, FreeCores.shared.others < 0.5)
    }
}

/// What a plan was measured for.
struct CalibrationKey: Codable, Hashable, Sendable {
    let processor: String
    let available: Int
    let model: String
    let size: Int64

    init(processor: String, available: Int, model: String, size: Int64) {
        self.processor = processor
        self.available = available
        self.model = model
        self.size = size
    }

    /// The key of a model's file on this machine.
    init(modelPath: FilePath) {
        let attributes = try? FileManager.default.attributesOfItem(atPath: modelPath.string)
        self.init(
            processor: Processors.name,
            available: Processors.available,
            model: modelPath.lastComponent?.string ?? "",
            size: (attributes?[.size] as? NSNumber)?.int64Value ?? 0
        )
    }
}

/// Stores plans in a folder, a small file for each model.
struct CalibrationStore: Sendable {
    private struct Entry: Codable {
        let key: CalibrationKey
        let plan: EnginePlan
    }

    let folder: FilePath

    /// The plan that was stored for exactly this key; nil if there is none, or if it is unreadable or implausible.
    func plan(for key: CalibrationKey) -> EnginePlan? {
        guard let data = try? Data(contentsOf: URL(filePath: file(for: key).string)) else { return nil }
        guard let entry = try? JSONDecoder().decode(Entry.self, from: data), entry.key == key else { return nil }
        let plan = entry.plan
        let isSound = plan.recognizers > 0 && plan.threads > 0 && 1...key.available ~= plan.threadsAlone
        return isSound && plan.recognizers <= key.available / plan.threads ? plan : nil
    }

    /// Stores a plan, in one step, so that a reader never sees half of it.
    func keep(_ plan: EnginePlan, for key: CalibrationKey) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        do {
            try FileManager.default.createDirectory(atPath: folder.string, withIntermediateDirectories: true)
            try encoder.encode(Entry(key: key, plan: plan)).write(to: URL(filePath: file(for: key).string), options: .atomic)
        } catch {
            Logger.current.debug("A plan could not be stored", metadata: ["error": "\(error)"])
        }
    }

    private func file(for key: CalibrationKey) -> FilePath {
        folder.appending("engine-plan-\(key.model).json")
    }
}
