import Foundation

/// Why jobs wait although a worker is free: a fault of the machine, which passes without a change to the jobs.
package struct Hold: Codable, Sendable, Hashable {
    /// One of a bounded set of words, for programs.
    package var code: String
    /// What is wrong and what to do, a sentence for people.
    package var message: String
    /// When it began.
    package var since: Date
    /// The kinds of jobs that wait; empty if a single job does.
    package var kinds: [Job.Kind]
    /// The model whose jobs wait; nil for all.
    package var model: String?

    package init(code: String, message: String, since: Date = Date(), kinds: [Job.Kind] = [], model: String? = nil) {
        self.code = code
        self.message = message
        self.since = since
        self.kinds = kinds
        self.model = model
    }

    /// Whether jobs of a kind wait that need this model.
    func covers(_ kind: Job.Kind, model: String) -> Bool {
        kinds.contains(kind) && (self.model ?? model) == model
    }

    /// Whether it is the same fault, whatever its message and its beginning.
    func isSame(as other: Hold) -> Bool {
        (code, model, kinds) == (other.code, other.model, other.kinds)
    }
}

extension [Hold] {
    /// The holds in a column.
    init(json: String) throws {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        self = try decoder.decode([Hold].self, from: Data(json.utf8))
    }

    /// The holds as they are stored.
    var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.dateEncodingStrategy = .iso8601
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }
}
