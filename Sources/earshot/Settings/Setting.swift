import Configuration
import ModelLibrary

/// A setting: its name in the environment, its default, the values it accepts, and the sentence that documents it.
struct Setting<Value: Sendable>: Sendable {
    let name: String
    let meaning: String
    /// The default as the documents show it.
    let defaultText: String
    let isSecret: Bool
    /// The value of a setting that is missing or empty.
    let defaultValue: Value
    private let parse: @Sendable (String) throws(CommandError) -> Value

    private init(
        _ name: String,
        _ meaning: String,
        defaultText: String,
        isSecret: Bool,
        defaultValue: Value,
        parse: @escaping @Sendable (String) throws(CommandError) -> Value
    ) {
        self.name = name
        self.meaning = meaning
        self.defaultText = defaultText
        self.isSecret = isSecret
        self.defaultValue = defaultValue
        self.parse = parse
    }

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
        accepted: String = "",
        isSecret: Bool = false,
        _ meaning: String,
        parse: @escaping @Sendable (String) -> Value?
    ) {
        self.init(name, meaning, defaultText: shown, isSecret: isSecret, defaultValue: value) { text throws(CommandError) in
            guard let value = parse(text) else { throw CommandError("\(name) is “\(text)”, but must be \(accepted).") }
            return value
        }
    }

    /// The same setting with its value in another type.
    func map<Other: Sendable>(_ transform: @escaping @Sendable (Value) -> Other) -> Setting<Other> {
        let parse = parse
        return Setting<Other>(
            name,
            meaning,
            defaultText: defaultText,
            isSecret: isSecret,
            defaultValue: transform(defaultValue)
        ) { text throws(CommandError) in transform(try parse(text)) }
    }
}

extension Setting where Value == Int {
    /// A whole number.
    init(_ name: String, default value: Int, in range: ClosedRange<Int>, _ meaning: String) {
        let accepted = "a whole number from \(range.lowerBound) to \(range.upperBound)"
        self.init(name, default: value, shown: "`\(value)`", accepted: accepted, meaning) { text in
            Int(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    /// The same setting; nil for 0.
    func nilIfZero<Other: Sendable>(_ transform: @escaping @Sendable (Int) -> Other) -> Setting<Other?> {
        map { $0 == 0 ? nil : transform($0) }
    }
}

extension Setting where Value == Double {
    /// A number with fractions.
    init(_ name: String, default value: Double, shown: String, in range: ClosedRange<Double>, _ meaning: String) {
        let accepted = "a number from \(range.lowerBound) to \(range.upperBound)"
        self.init(name, default: value, shown: "`\(shown)`", accepted: accepted, meaning) { text in
            Double(text).flatMap { range.contains($0) ? $0 : nil }
        }
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
        self.init(name, default: value, shown: "`\(value)`", meaning) { $0 }
    }
}

extension Setting where Value == String? {
    /// A text without a default value.
    init(_ name: String, shown: String, isSecret: Bool = false, _ meaning: String) {
        self.init(name, default: nil, shown: shown, isSecret: isSecret, meaning) { $0 }
    }
}

extension Setting where Value: CaseIterable & RawRepresentable, Value.RawValue == String {
    /// One of a fixed list of words.
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
        self.init(name, meaning, defaultText: "none", isSecret: false, defaultValue: []) { text throws(CommandError) in
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

/// A setting of whatever type, as documents and the start of the program see it.
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
    /// The text of the setting; nil if it is missing or empty.
    func text(in reader: ConfigReader) -> String? {
        let key = ConfigKey(name.lowercased().split(separator: "_").map(String.init))
        return reader.string(forKey: key, isSecret: isSecret).flatMap { $0.isEmpty ? nil : $0 }
    }
}
