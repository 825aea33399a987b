import Foundation
import Postgres

/// Which transcriptions are wanted; what is nil or empty lets all through.
package struct LibraryFilter: Sendable {
    package var states: [TranscriptionState] = []
    /// Names of models, one of which it is.
    package var models: [String] = []
    /// The code of the language that is spoken.
    package var language: String?
    package var tag: String?
    package var audioFile: UUID?
    /// Not before this, and before that.
    package var createdFrom, createdBefore: Date?
    /// What the name or the file's name contains, in upper or lower case.
    package var text: String?

    package init() {}

    /// The condition on `t`, a transcription, and `f`, its audio file.
    var condition: SQL {
        var conditions: [SQL] = ["true"]
        if !states.isEmpty { conditions.append("t.state = ANY (\(states.map(\.rawValue))::text[])") }
        if !models.isEmpty { conditions.append("t.model = ANY (\(models)::text[])") }
        if let language { conditions.append("t.language = \(language)") }
        if let tag { conditions.append("\(tag)::text = ANY (t.tags)") }
        if let audioFile { conditions.append("t.audio_file_id = \(audioFile)") }
        if let createdFrom { conditions.append("t.created_at >= \(createdFrom)") }
        if let createdBefore { conditions.append("t.created_at < \(createdBefore)") }
        if let text {
            let pattern = "%" + Self.escaped(text) + "%"
            conditions.append("(t.name ILIKE \(pattern) OR f.original_filename ILIKE \(pattern))")
        }
        return conditions.dropFirst().reduce(conditions[0]) { "\(sql: $0) AND \(sql: $1)" }
    }

    /// A text that LIKE takes literally.
    private static func escaped(_ text: String) -> String {
        String(text.flatMap { "\\%_".contains($0) ? ["\\", $0] : [$0] })
    }
}
