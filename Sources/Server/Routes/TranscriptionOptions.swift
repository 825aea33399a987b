import Archive
import Hummingbird
import ModelLibrary
import Transcripts

/// The options of a transcription, from the query or the form; the query counts more. An empty value means "not given".
struct TranscriptionOptions: Sendable {
    let request: TranscriptionRequest
    /// How long the client wants to wait for the end.
    let wait: Duration?

    static let longestWait = 3600

    /// - Throws: `APIError` or `ModelLibraryError`, which name the option that is wrong and say what it may be.
    init(query: Parameters, fields: [String: String], models: ModelLibrary) throws {
        func value(_ name: String) -> String? {
            let given = query[Substring(name)].map(String.init) ?? fields[name]
            return given.flatMap { $0.isEmpty ? nil : $0 }
        }
        let model = try models.model(named: value("model"))
        request = TranscriptionRequest(
            model: model.name,
            language: try value("language").flatMap(Self.language),
            task: try value("task").map(Self.task) ?? .transcribe,
            prompt: value("prompt").map { String($0.prefix(4000)) }
        )
        wait = try value("wait").map { text in
            guard let seconds = Int(text), (0...Self.longestWait).contains(seconds) else {
                throw APIError(
                    status: .badRequest,
                    code: "invalid_wait",
                    detail: "“wait” is a whole number of seconds from 0 to \(Self.longestWait)."
                )
            }
            return .seconds(seconds)
        }
    }

    private static func language(_ text: String) throws -> String? {
        if text.lowercased() == "auto" { return nil }
        guard let language = Language(code: text) else {
            throw APIError(
                status: .badRequest,
                code: "unknown_language",
                detail: "“\(text.prefix(20))” is not a language the models know. Use a code such as “en” or “de”, or “auto”."
            )
        }
        return language.code
    }

    private static func task(_ text: String) throws -> TranscriptionTask {
        guard let task = TranscriptionTask(rawValue: text.lowercased()) else {
            throw APIError(status: .badRequest, code: "unknown_task", detail: "“task” is “transcribe” or “translate”.")
        }
        return task
    }
}

extension Parameters {
    /// A whole number within a range; nil when it is not given.
    func integer(_ name: String, in range: ClosedRange<Int>) throws -> Int? {
        guard let text = self[Substring(name)] else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw APIError(
                status: .badRequest,
                code: "invalid_\(name)",
                detail: "“\(name)” is a whole number from \(range.lowerBound) to \(range.upperBound)."
            )
        }
        return number
    }
}
