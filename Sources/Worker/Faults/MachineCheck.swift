import Archive
import Audio

/// Checks whether faults of the machine have passed.
struct MachineCheck: Sendable {
    let recordings: RecordingFolder
    let registry: WorkerRegistry
    let engines: Engines
    let worker: String

    /// The fault that is there now, which may be another one of the same part of the machine; nil if that is well.
    func fault(after fault: MachineFault) async -> MachineFault? {
        do {
            switch fault {
            case .diskFull: try await recordings.checkHealth()
            // A file that can't be read may be the folder's fault, or that of the process that reads it.
            case .recordingsUnavailable:
                try await recordings.checkHealth()
                return await toolFault()
            case .toolMissing, .machineBusy: return await toolFault()
            case .databaseUnavailable, .databaseFull: try await registry.touch(worker: worker)
            case .modelMissing(let name): return try await isMissing(name) ? fault : nil
            case .memoryFull(let model, _): return await engines.hasRoom(for: model) ? nil : fault
            case .noRoom, .mediaToolsBusy: return fault
            }
            return nil
        } catch {
            let found = FailureCause(error).fault ?? fault
            // While the database is away, the end of other faults is not known.
            return found.isOfDatabase ? fault : found
        }
    }

    /// Whether a transcription needs a model that is not installed.
    private func isMissing(_ name: String) async throws -> Bool {
        guard !engines.available.contains(name) else { return false }
        return try await registry.neededModels().contains(name)
    }

    private func toolFault() async -> MachineFault? {
        do {
            try await MediaToolCheck.check()
            return nil
        } catch AudioError.toolMissing(let name) {
            return .toolMissing(name)
        } catch {
            return .machineBusy(reason: (error as? AudioError)?.description ?? "unknown reason")
        }
    }
}
