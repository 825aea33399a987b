import Basics
import ModelLibrary
import Speech

/// A model needs more memory than there is.
struct ModelDoesNotFit: Error, CustomStringConvertible {
    let model: String
    /// Both in bytes.
    let needed, available: Int64

    var description: String {
        """
        The model “\(model)” needs \(Self.text(needed)) of memory, and \(Self.text(available)) can be had here. \
        Choose a smaller or quantised model, or give Earshot more memory.
        """
    }

    private static func text(_ bytes: Int64) -> String {
        bytes >= 1_000_000_000 ? "\((Double(bytes) / 1e8).rounded() / 10) GB" : "\(max(1, bytes / 1_000_000)) MB"
    }
}

/// How much memory models may take.
struct MemoryBudget: Sendable {
    /// Set by the operator, in bytes for all models together; nil for what the machine or the container has.
    let limit: Int64?

    /// A tenth of what is there is left to everything else.
    static let share = 0.9

    /// Bytes that another model may take beside those that are loaded.
    func available(beside loaded: [Engine]) -> Int64 {
        let there = Int64(clamping: Double(MachineMemory.available) * Self.share)
        guard let limit else { return there }
        return min(there, limit - loaded.reduce(0) { $0 + $1.memoryBytes })
    }

    /// Bytes that a model takes with so many recognizers: its weights, and what each recognizer works in; 0 if the file is no model.
    static func need(of model: InstalledModel, recognizers: Int) -> Int64 {
        guard let header = model.header, let weights = model.sizeBytes else { return 0 }
        return weights + Int64(recognizers) * header.workingMemory
    }
}
