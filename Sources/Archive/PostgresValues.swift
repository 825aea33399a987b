import Postgres
import Transcripts

// How the archive's own values stand in a column: enums as their raw text, times as whole milliseconds.

extension TranscriptionState: PostgresDecodable {}
extension TranscriptionTask: PostgresDecodable {}
extension Job.Kind: PostgresDecodable {}

extension Timestamp: PostgresDecodable {
    package static func decode(_ text: String?) -> Timestamp? {
        Int.decode(text).map(Timestamp.init(milliseconds:))
    }
}
