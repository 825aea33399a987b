import Foundation
import Postgres

/// A condition on transcriptions; fields that are nil or empty match all.
package struct LibraryFilter: Sendable {
    package var states: [TranscriptionState] = []
    /// Names of models; any of them matches.
    package var models: [String] = []
    /// The code of the spoken language.
    package var language: String?
    package var tag: String?
    package var audioFile: UUID?
    /// Not before this, and before that.
    package var createdFrom, createdBefore: Date?
    /// A part of the name or of the file's name, in upper or lower case.
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

    /// A pattern that LIKE takes literally.
    private static func escaped(_ text: String) -> String {
        String(text.flatMap { "\\%_".contains($0) ? ["\\", $0] : [$0] })
    }
}
