import Foundation

/// The parameters of a header such as `form-data; name="file"; filename="a \"b\".wav"` (RFC 9110, 5.6.6).
struct HeaderParameters {
    private var values: [String: String] = [:]

    init(_ header: String) {
        var rest = header.drop { $0 != ";" }.dropFirst()
        while !rest.isEmpty {
            let name = rest.prefix { $0 != "=" && $0 != ";" }
            rest = rest.dropFirst(name.count)
            var value = ""
            if rest.first == "=" {
                rest = rest.dropFirst()
                value = Self.takeValue(&rest)
            }
            let key = name.trimmingWhitespace().lowercased()
            if !key.isEmpty, values[key] == nil { values[key] = value }
            rest = rest.drop { $0 != ";" }.dropFirst()
        }
    }

    /// The value of a parameter; `name` is in lower case.
    subscript(name: String) -> String? { values[name] }

    /// The file's name in a Content-Disposition; the spelling that can express every character takes precedence.
    var filename: String? { self["filename*"].flatMap(Self.decodeExtendedValue) ?? self["filename"] }

    /// `UTF-8''na%C3%AFve.wav` (RFC 8187).
    private static func decodeExtendedValue(_ value: String) -> String? {
        let parts = value.split(separator: "'", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].lowercased() == "utf-8" else { return nil }
        return String(parts[2]).removingPercentEncoding
    }

    private static func takeValue(_ rest: inout Substring) -> String {
        rest = rest.drop { $0 == " " || $0 == "\t" }
        guard rest.first == "\"" else {
            let token = rest.prefix { $0 != ";" }
            rest = rest.dropFirst(token.count)
            return token.trimmingWhitespace()
        }
        rest = rest.dropFirst()
        var value = ""
        while let character = rest.popFirst(), character != "\"" {
            // Browsers write a quote as %22; curl and the grammar as \", where a backslash before any other character means itself.
            if character == "\\", let next = rest.first, next == "\"" || next == "\\" {
                value.append(next)
                rest = rest.dropFirst()
            } else {
                value.append(character)
            }
        }
        return value.replacing("%22", with: "\"")
    }
}

extension Substring {
    fileprivate func trimmingWhitespace() -> String {
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        var trimmed = drop(while: isBlank)
        while let last = trimmed.last, isBlank(last) { trimmed.removeLast() }
        return String(trimmed)
    }
}
