import Foundation
import Logging
import SystemPackage

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
