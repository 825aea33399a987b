import Basics
import Foundation
import Hummingbird
import HummingbirdCore
import Transcripts

extension Request {
    /// The parameters of the query, where a plus is a space, as forms and most programs write it.
    var options: Parameters { Parameters(form: uri.query ?? "") }
}

extension Parameters {
    /// The pairs of a form in the syntax of a query.
    init(form: String) { self = URI("/?" + form.replacing("+", with: "%20")).queryParameters }
}

/// The options of a request by name, from its query and its form. The query takes precedence, and so does the last of several values.
/// An empty value means "not given".
struct OptionValues {
    private let query: Parameters
    private let fields: UploadFields

    init(query: Parameters = [:], fields: UploadFields = [:]) {
        self.query = query
        self.fields = fields
    }

    subscript(_ name: String) -> String? {
        let given = query[Substring(name)].map(String.init) ?? fields[name]?.last
        return given.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// All values of a form field, which programs call `name`, `name[]` or `name[0]`.
    func list(_ name: String) -> [String] {
        let indexed = fields.keys.filter { key in
            key.hasPrefix(name + "[") && key.hasSuffix("]") && key.dropFirst(name.count + 1).dropLast().allSatisfy(\.isNumber)
        }
        return ([name] + indexed.sorted()).flatMap { fields[$0] ?? [] }.filter { !$0.isEmpty }
    }

    func flag(_ name: String) throws -> Bool? {
        try self[name].map { text in
            switch text.lowercased() {
            case "true", "1", "yes", "on": return true
            case "false", "0", "no", "off": return false
            default: throw refusal(of: name, "must be “true” or “false”")
            }
        }
    }

    func integer(_ name: String, in range: ClosedRange<Int>) throws -> Int? {
        try self[name].map { text in
            guard let number = Int(text), range.contains(number) else {
                throw refusal(of: name, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
            }
            return number
        }
    }

    func number(_ name: String, in range: ClosedRange<Double>) throws -> Double? {
        try self[name].map { text in
            guard let number = Double(text), range.contains(number) else {
                throw refusal(of: name, "must be a number from \(Self.text(range.lowerBound)) to \(Self.text(range.upperBound))")
            }
            return number
        }
    }

    /// One of the given words, in lower case.
    func choice(_ name: String, _ words: [String]) throws -> String? {
        try self[name].map { text in
            guard words.contains(text.lowercased()) else { throw refusal(of: name, "must be one of: \(words.joined(separator: ", "))") }
            return text.lowercased()
        }
    }

    /// A position in a recording: "95.5" or "1:35.5" or "0:01:35.5".
    func time(_ name: String) throws -> Timestamp? {
        try self[name].map { text in
            guard let time = Timestamp(clockText: text) else {
                throw refusal(of: name, "must be a time such as “95.5” (seconds) or “1:35.5”")
            }
            return time
        }
    }

    /// A point in time: "2026-03-01" or "2026-03-01T09:30:00Z".
    func date(_ name: String) throws -> Date? {
        try self[name].map { text in
            let day = Date.ISO8601FormatStyle().year().month().day()
            let moment = Date.ISO8601FormatStyle()
            let styles = [moment, Date.ISO8601FormatStyle(includingFractionalSeconds: true), day]
            // Many programs do not escape the plus before a time zone, so that it arrives as a space.
            let written = text.replacing(" ", with: "+")
            // The parsers accept years of more than four digits, and a time zone can lead out of these years.
            guard text.utf8.count <= 40, written.prefixMatch(of: /[0-9]{4}-/) != nil,
                let date = styles.lazy.compactMap({ try? $0.parse(written) }).first, Self.years.contains(date)
            else {
                throw refusal(of: name, "must be a time such as “2026-03-01” or “2026-03-01T09:30:00Z”, from the year 0001 to 9999")
            }
            return date
        }
    }

    /// The years 1 to 9999 in UTC; Foundation's year 1 is one of the Julian calendar.
    private static let years = Date(timeIntervalSince1970: -62_135_769_600)...Date(timeIntervalSince1970: 253_402_300_800)

    /// The error for a wrong value.
    ///
    /// - Parameter rule: The rest of a sentence that starts with the option's name.
    func refusal(of name: String, _ rule: String) -> APIError {
        .badRequest("invalid_\(name)", "“\(name)” \(rule).", parameter: name)
    }

    private static func text(_ number: Double) -> String {
        number == number.rounded() ? String(Int(clamping: number)) : String(number)
    }
}
