import Foundation
import Postgres
import Transcripts

// How values of this room and of Transcripts are stored in a column: enums as their raw text, times as whole milliseconds, options as JSON.

extension TranscriptionState: PostgresDecodable {}
extension Job.Kind: PostgresDecodable {}
extension ArchiveEvent.Kind: PostgresDecodable {}
extension RemovalReason: PostgresDecodable {}
extension WordTiming: PostgresDecodable {}

extension Timestamp: PostgresDecodable {
    package static func decode(_ text: String?) -> Timestamp? {
        Int.decode(text).map(Timestamp.init(milliseconds:))
    }
}

extension TranscriptionOptions: PostgresDecodable {
    package static func decode(_ text: String?) -> TranscriptionOptions? {
        text.flatMap { try? JSONDecoder().decode(TranscriptionOptions.self, from: Data($0.utf8)) }
    }

    /// The options as they are stored.
    var json: String {
        get throws { String(decoding: try JSONEncoder().encode(self), as: UTF8.self) }
    }
}
