import Configuration
import Foundation
import ModelLibrary
import SystemPackage

/// A setting: its name in the environment, its default, the values it accepts, and the sentence that documents it.
struct Setting<Value: Sendable>: Sendable {
    let name: String
    let meaning: String
    /// The default as the documents show it.
    let defaultText: String
    let isSecret: Bool
    /// The value of a setting that is missing or empty.
    let defaultValue: Value
    let parse: @Sendable (String) throws(CommandError) -> Value
}

/// Any setting, as the documents and the start of the program see it.
protocol AnySetting: Sendable {
    var name: String { get }
    var meaning: String { get }
    var defaultText: String { get }
    var isSecret: Bool { get }
    /// Reads a value; throws the sentence that refuses it.
    func value(of text: String) throws -> any Sendable
}

extension Setting: AnySetting {
    func value(of text: String) throws -> any Sendable { try parse(text) }
}

extension AnySetting {
    /// The text of the setting; nil if it is missing or empty. That of a secret may be in a file, which NAME_FILE names.
    func text(in reader: ConfigReader) throws(CommandError) -> String? {
        let text = Self.text(of: name, in: reader, isSecret: isSecret)
        guard isSecret, let path = Self.text(of: fileName, in: reader, isSecret: false) else { return text }
        guard text == nil else { throw CommandError("\(name) and \(fileName) are both set. Remove one of them.") }
        do {
            let content = try String(contentsOfFile: path, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
            guard !content.isEmpty else { throw CommandError("\(fileName) names \(path), which is empty.") }
            return content
        } catch let error as CommandError {
            throw error
        } catch {
            throw CommandError("\(fileName) names \(path), which cannot be read: \(CommandError.explanation(of: error))")
        }
    }

    /// The name of the setting that names a file with the value of a secret.
    var fileName: String { name + "_FILE" }

    private static func text(of name: String, in reader: ConfigReader, isSecret: Bool) -> String? {
        let key = ConfigKey(name.lowercased().split(separator: "_").map(String.init))
        return reader.string(forKey: key, isSecret: isSecret).flatMap { $0.isEmpty ? nil : $0 }
    }
}

extension Setting {
    /// A setting of any kind.
    ///
    /// - Parameters:
    ///   - shown: The default as the documents show it.
    ///   - accepted: What a value must be, for the sentence that refuses others: “a whole number from 0 to 8”.
    ///   - parse: Reads a value; nil if it is not accepted.
    init(
        _ name: String,
        default value: Value,
        shown: String,
        accepted: String,
        _ meaning: String,
        parse: @escaping @Sendable (String) -> Value?
    ) {
        self.init(name: name, meaning: meaning, defaultText: shown, isSecret: false, defaultValue: value) { text throws(CommandError) in
            guard let value = parse(text) else { throw CommandError("\(name) is “\(text)”, but must be \(accepted).") }
            return value
        }
    }

    /// A whole number that stands for a value.
    fileprivate init(
        number name: String,
        default number: Int,
        in range: ClosedRange<Int>,
        _ meaning: String,
        as value: @escaping @Sendable (Int) -> Value
    ) {
        let accepted = "a whole number from \(range.lowerBound) to \(range.upperBound)"
        self.init(name, default: value(number), shown: "`\(number)`", accepted: accepted, meaning) { text in
            Int(text).flatMap { range.contains($0) ? value($0) : nil }
        }
    }
}

extension Setting where Value == Int {
    init(_ name: String, default number: Int, in range: ClosedRange<Int>, _ meaning: String) {
        self.init(number: name, default: number, in: range, meaning) { $0 }
    }
}

extension Setting where Value == Int? {
    /// A whole number; nil, the default, for 0.
    init(_ name: String, upTo maximum: Int, _ meaning: String) {
        self.init(number: name, default: 0, in: 0...maximum, meaning) { $0 == 0 ? nil : $0 }
    }
}

extension Setting where Value == Int64? {
    /// Bytes, in megabytes; nil, the default, for 0.
    init(megabytes name: String, _ meaning: String) {
        self.init(number: name, default: 0, in: 0...100_000_000, meaning) { $0 == 0 ? nil : Int64($0) * 1_000_000 }
    }
}

extension Setting where Value == Duration {
    init(seconds name: String, default seconds: Int, in range: ClosedRange<Int>, _ meaning: String) {
        self.init(number: name, default: seconds, in: range, meaning) { .seconds($0) }
    }
}

extension Setting where Value == Duration? {
    /// Seconds; nil for 0.
    init(seconds name: String, default seconds: Int, upTo maximum: Int, _ meaning: String) {
        self.init(number: name, default: seconds, in: 0...maximum, meaning) { $0 == 0 ? nil : .seconds($0) }
    }
}

extension Setting where Value == Bool {
    init(_ name: String, default value: Bool, _ meaning: String) {
        self.init(name, default: value, shown: "`\(value)`", accepted: "true or false", meaning) { text in
            switch text.lowercased() {
            case "true", "1", "yes", "on": true
            case "false", "0", "no", "off": false
            default: nil
            }
        }
    }
}

extension Setting where Value == String {
    init(_ name: String, default value: String, _ meaning: String) {
        self.init(name: name, meaning: meaning, defaultText: "`\(value)`", isSecret: false, defaultValue: value) { $0 }
    }
}

extension Setting where Value == String? {
    /// A text without a default value.
    init(_ name: String, shown: String, isSecret: Bool = false, _ meaning: String) {
        self.init(name: name, meaning: meaning, defaultText: shown, isSecret: isSecret, defaultValue: nil) { $0 }
    }
}

extension Setting where Value == FilePath? {
    /// A path without a default value.
    init(path name: String, shown: String, _ meaning: String) {
        self.init(name: name, meaning: meaning, defaultText: shown, isSecret: false, defaultValue: nil) { FilePath($0).absolute }
    }
}

extension Setting where Value: CaseIterable & RawRepresentable, Value.RawValue == String {
    /// One of a fixed list of words, which the documents append to the meaning.
    init(_ name: String, default value: Value, _ meaning: String) {
        let words = Value.allCases.map(\.rawValue).joined(separator: ", ")
        self.init(name, default: value, shown: "`\(value.rawValue)`", accepted: "one of: \(words)", "\(meaning): \(words).") { text in
            Value(rawValue: text.lowercased())
        }
    }
}

extension Setting where Value == [CatalogueModel] {
    /// A list of models that can be downloaded.
    init(models name: String, _ meaning: String) {
        self.init(name: name, meaning: meaning, defaultText: "none", isSecret: false, defaultValue: []) { text throws(CommandError) in
            do throws(UnknownCatalogueModel) {
                return try Catalogue.models(inList: text)
            } catch {
                throw CommandError(
                    "\(name) names “\(error.name)”, which can't be downloaded. “earshot models list --all” lists the models."
                )
            }
        }
    }
}
