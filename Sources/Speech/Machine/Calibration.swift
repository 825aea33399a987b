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
