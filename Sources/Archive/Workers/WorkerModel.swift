/// The state of a model in a worker.
package struct WorkerModel: Codable, Sendable, Hashable {
    /// The steps from a request to a loaded model.
    package enum State: String, Codable, Sendable {
        case loading, loaded, failed
    }

    package let name: String
    package let state: State
    /// Its memory in bytes; nil while it is not loaded.
    package let memoryBytes: Int64?
    /// A sentence why it could not be loaded.
    package let message: String?

    package init(name: String, state: State, memoryBytes: Int64? = nil, message: String? = nil) {
        self.name = name
        self.state = state
        self.memoryBytes = memoryBytes
        self.message = message
    }

    enum CodingKeys: String, CodingKey {
        case name, state, message
        case memoryBytes = "memory_bytes"
    }
}

/// A request to all workers about a model.
package enum ModelRequest: Sendable, Hashable {
    /// Load it and keep it ready.
    case load(String)
    /// Unload it as soon as no job uses it.
    case unload(String)

    /// Its form in a notification: a verb, a space and the model's name.
    var payload: String {
        switch self {
        case .load(let name): "load \(name)"
        case .unload(let name): "unload \(name)"
        }
    }

    /// A request from its form in a notification.
    init?(payload: String) {
        let words = payload.split(separator: " ", maxSplits: 1).map(String.init)
        switch (words.first, words.last) {
        case ("load", let name?) where words.count == 2: self = .load(name)
        case ("unload", let name?) where words.count == 2: self = .unload(name)
        default: return nil
        }
    }
}
