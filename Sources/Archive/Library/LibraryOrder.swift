import Foundation
import Postgres
import Transcripts

/// The order of a list of transcriptions; ties are broken by the ids.
package struct LibraryOrder: Sendable, Hashable {
    /// The field to sort by.
    package enum Key: String, Sendable, CaseIterable {
        case createdAt = "created_at"
        case name, duration
    }

    package var key: Key
    package var isDescending: Bool

    package init(by key: Key, isDescending: Bool) {
        self.key = key
        self.isDescending = isDescending
    }

    package static let newestFirst = LibraryOrder(by: .createdAt, isDescending: true)

    /// The list behind ORDER BY.
    var clause: SQL {
        isDescending ? "\(sql: expression) DESC, t.id DESC" : "\(sql: expression), t.id"
    }

    /// The condition that a transcription comes after a place in this order.
    func condition(after position: LibraryPosition) -> SQL {
        let place: SQL =
            switch position.value {
            case .createdAt(let date): "(\(date)::timestamptz, \(position.id)::uuid)"
            case .name(let name): "(lower(\(name)::text), \(position.id)::uuid)"
            case .duration(let duration): "(\(duration.milliseconds)::bigint, \(position.id)::uuid)"
            }
        return isDescending
            ? "(\(sql: expression), t.id) < \(sql: place)" : "(\(sql: expression), t.id) > \(sql: place)"
    }

    private var expression: SQL {
        switch key {
        case .createdAt: "t.created_at"
        case .name: "lower(coalesce(t.name, f.original_filename))"
        case .duration: "coalesce(t.duration_ms, f.duration_ms, 0)"
        }
    }
}

/// A place in an ordered list: that of a transcription, even if it was deleted since.
package struct LibraryPosition: Sendable, Hashable {
    /// The transcription's value of the field that the order sorts by.
    package enum Value: Sendable, Hashable {
        case createdAt(Date)
        case name(String)
        case duration(Timestamp)
    }

    package var value: Value
    package var id: UUID

    package init(_ value: Value, id: UUID) {
        self.value = value
        self.id = id
    }

    package init(of transcription: Transcription, in order: LibraryOrder) {
        id = transcription.id
        value =
            switch order.key {
            case .createdAt: .createdAt(transcription.createdAt)
            case .name: .name(transcription.shownName)
            case .duration: .duration(transcription.duration ?? transcription.audioFile.duration ?? .zero)
            }
    }
}
