import Foundation
import Logging
import SystemPackage

/// Finds out by trial how a machine's cores are best used with a model.
package enum Calibration {
    /// The plan for a model on this machine: as it was measured before, or else measured now and kept.
    ///
    /// Measuring takes a few seconds at most, but for a model of which one pass takes longer, which is then all that is measured. What was
    /// measured beside busy neighbours is used with care, and not kept.
    ///
    /// - Parameters:
    ///   - modelPath: The file that the model was loaded from; a plan is kept for its name and size.
    ///   - cache: The folder in which plans are kept. That it can't be written to is no error.
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
        // What the neighbours do now may be over in a minute, and how many cores are idle is judged before each block anyway.
        guard isDependable else {
            return EnginePlan(recognizers: plan.recognizers, threads: plan.threads, threadsAlone: Processors.available)
        }
        store.keep(plan, for: key)
        return plan
    }

    /// Tries out what makes sense on so many cores, as long as there is time.
    private static func measure(_ model: WhisperModel) async throws -> (EnginePlan, isDependable: Bool) {
        let bench = try await EngineBench(model: model)
        FreeCores.shared.observe()
        let speeds = try await CalibrationCourse(cores: Processors.available).run { recognizers, threads in
            try await bench.speed(recognizers: recognizers, threads: threads)
        }
        // Our own threads are not among the others; more than half a core besides, and the figures say more of the neighbours than of us.
        FreeCores.shared.observe()
        return (speeds.plan, FreeCores.shared.others < 0.5)
    }
}

/// What a plan holds for.
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

/// Keeps plans in a folder, one small file for each model.
struct CalibrationStore: Sendable {
    private struct Entry: Codable {
        let key: CalibrationKey
        let plan: EnginePlan
    }

    let folder: FilePath

    /// The plan that was kept for exactly this key; nil where there is none, or what is there can't be read or makes no sense.
    func plan(for key: CalibrationKey) -> EnginePlan? {
        guard let data = try? Data(contentsOf: URL(filePath: file(for: key).string)) else { return nil }
        guard let entry = try? JSONDecoder().decode(Entry.self, from: data), entry.key == key else { return nil }
        let plan = entry.plan
        let isSound = plan.recognizers > 0 && plan.threads > 0 && 1...key.available ~= plan.threadsAlone
        return isSound && plan.recognizers <= key.available / plan.threads ? plan : nil
    }

    /// Keeps a plan, in one step, so that a reader never sees half of it.
    func keep(_ plan: EnginePlan, for key: CalibrationKey) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        do {
            try FileManager.default.createDirectory(atPath: folder.string, withIntermediateDirectories: true)
            try encoder.encode(Entry(key: key, plan: plan)).write(to: URL(filePath: file(for: key).string), options: .atomic)
        } catch {
            Logger.current.debug("A plan could not be kept", metadata: ["error": "\(error)"])
        }
    }

    private func file(for key: CalibrationKey) -> FilePath {
        folder.appending("engine-plan-\(key.model).json")
    }
}
