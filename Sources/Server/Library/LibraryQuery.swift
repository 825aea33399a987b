import Archive
import Basics
import Foundation
import Hummingbird
import ModelLibrary
import Transcripts

/// Filter, order and page of a list of transcriptions, from the query.
struct LibraryQuery: Sendable {
    let filter: LibraryFilter
    let order: LibraryOrder
    let limit: Int
    let offset: Int
    let position: LibraryPosition?

    /// - Throws: `APIError`, which names the wrong parameter and its possible values.
    init(_ parameters: Parameters) throws {
        let values = OptionValues(query: parameters)
        limit = try values.integer("limit", in: 1...100) ?? 100
        offset = try values.integer("offset", in: 0...Int(Int32.max)) ?? 0
        order = try Self.order(values)
        position = try Self.position(values, in: order)
        filter = try Self.filter(values)
    }

    private static func order(_ values: OptionValues) throws -> LibraryOrder {
        guard let text = values["sort"] else { return .newestFirst }
        guard let key = LibraryOrder.Key(rawValue: text.hasPrefix("-") ? String(text.dropFirst()) : text) else {
            let keys = LibraryOrder.Key.allCases.map(\.rawValue).joined(separator: ", ")
            throw values.refusal(of: "sort", "must be one of: \(keys); a “-” before it reverses the order")
        }
        return LibraryOrder(by: key, isDescending: text.hasPrefix("-"))
    }

    private static func position(_ values: OptionValues, in order: LibraryOrder) throws -> LibraryPosition? {
        guard let text = values["cursor"] else { return nil }
        guard values["offset"] == nil else { throw values.refusal(of: "cursor", "and “offset” cannot be combined") }
        guard let cursor = LibraryCursor(text), cursor.order == order else {
            throw values.refusal(of: "cursor", "must be the “next_cursor” of a list in the same order")
        }
        return cursor.position
    }

    private static func filter(_ values: OptionValues) throws -> LibraryFilter {
        var filter = LibraryFilter()
        filter.states = try (values["status"] ?? "").split(separator: ",").map { word in
            guard let state = TranscriptionState(rawValue: word.lowercased()) else {
                let known = TranscriptionState.allCases.map(\.rawValue).joined(separator: ", ")
                throw values.refusal(of: "status", "must be one or more of: \(known), separated by commas")
            }
            return state
        }
        if let model = values["model"]?.lowercased() {
            filter.models = [model] + [Catalogue.shortNames[model]].compactMap(\.self)
        }
        filter.language = try values["language"].map { try Language.named($0).code }
        filter.tag = values["tag"]
        filter.audioFile = try values["audio_file_id"].map { text in
            guard let id = UUID(uuidString: text) else { throw values.refusal(of: "audio_file_id", "must be the id of an audio file") }
            return id
        }
        filter.createdFrom = try values.date("created_after")
        filter.createdBefore = try values.date("created_before")
        filter.text = values["q"]
        return filter
    }
}

/// A position in a list, which clients pass from page to page; its content is opaque to them.
struct LibraryCursor {
    let position: LibraryPosition
    let order: LibraryOrder

    private struct Content: Codable {
        let sort: String
        let isDescending: Bool
        let value: String
        let id: UUID
    }

    init(position: LibraryPosition, order: LibraryOrder) {
        self.position = position
        self.order = order
    }

    /// - Returns: Nil if the text is no cursor.
    init?(_ text: String) {
        guard text.utf8.count <= 4096, let data = Data(base64Encoded: text.replacing("-", with: "+").replacing("_", with: "/")),
            let content = try? JSONDecoder().decode(Content.self, from: data), let key = LibraryOrder.Key(rawValue: content.sort)
        else { return nil }
        order = LibraryOrder(by: key, isDescending: content.isDescending)
        switch key {
        case .createdAt:
            // Microseconds since 1970, up to the end of the year 9999.
            guard let time = Int(content.value), (0...253_402_300_799_999_999).contains(time) else { return nil }
            position = LibraryPosition(.createdAt(Date(timeIntervalSince1970: Double(time) / 1e6)), id: content.id)
        case .name:
            position = LibraryPosition(.name(content.value), id: content.id)
        case .duration:
            guard let time = Int(content.value) else { return nil }
            position = LibraryPosition(.duration(Timestamp(milliseconds: time)), id: content.id)
        }
    }

    /// The cursor in letters, digits, `-`, `_` and `=`.
    var text: String {
        let value =
            switch position.value {
            case .createdAt(let date): String(Int(clamping: (date.timeIntervalSince1970 * 1e6).rounded()))
            case .name(let name): name
            case .duration(let duration): String(duration.milliseconds)
            }
        let content = Content(sort: order.key.rawValue, isDescending: order.isDescending, value: value, id: position.id)
        let data = (try? JSONEncoder().encode(content)) ?? Data()
        return data.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
    }
}
