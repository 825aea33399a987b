import SystemPackage

extension Calibration {
    /// The plan that was measured before for a model's file on this machine; nil if none was.
    package static func keptPlan(modelPath: FilePath, cache: FilePath) -> EnginePlan? {
        CalibrationStore(folder: cache).plan(for: CalibrationKey(modelPath: modelPath))
    }
}
