import Basics
import ModelLibrary
import Speech

/// A model needs more memory than is available.
struct ModelDoesNotFit: Error, CustomStringConvertible {
    let model: String
    /// Both in bytes.
    let needed, available: Int64
    /// Whether it would fit if other processes took less memory.
    var fitsWhenIdle = false

    var description: String {
        """
        The model “\(model)” needs \(ByteCount.text(needed)) of memory, and \(ByteCount.text(available)) is available. \
        Choose a smaller or quantized model, or give Earshot more memory.
        """
    }
}

/// How much memory models may take.
struct MemoryBudget: Sendable {
    /// Set by the operator, in bytes for all models together; nil for what the machine or the container has.
    let limit: Int64?

    /// A tenth of the available memory is left to other processes.
    static let share = 0.9

    /// Bytes that another model may take beside those that are loaded.
    func available(beside loaded: [Engine]) -> Int64 {
        let free = Int64(clamping: Double(MachineMemory.available) * Self.share)
        guard let limit else { return free }
        return min(free, limit - loaded.reduce(0) { $0 + $1.memoryBytes })
    }

    /// Whether a model would fit if nothing else ran on this machine and in this container.
    func fitsWhenIdle(_ need: Int64) -> Bool {
        need <= min(limit ?? .max, Int64(clamping: Double(MachineMemory.total) * Self.share))
    }

    /// Bytes that a model needs: its weights, and the working memory of each recognizer; 0 if the file is not a model.
    static func need(of model: InstalledModel, recognizers: Int) -> Int64 {
        guard let header = model.header, let weights = model.sizeBytes else { return 0 }
        return weights + Int64(recognizers) * header.workingMemory
    }
}
