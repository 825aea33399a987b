/// How long idle models stay loaded.
package struct IdleTimes: Sendable, Hashable {
    /// For models without an entry of their own; nil for ever.
    package var standard: Duration?
    /// For models by name; nil for ever.
    package var named: [String: Duration?]

    package init(standard: Duration?, named: [String: Duration?] = [:]) {
        self.standard = standard
        self.named = named
    }

    /// Reads a list like `900,large-v3=60,base=never`: seconds for all models and for some; nil if it is malformed.
    package init?(text: String) {
        var times = IdleTimes(standard: .seconds(900))
        for entry in text.split(whereSeparator: { $0 == "," || $0.isWhitespace }) {
            let sides = entry.split(separator: "=", omittingEmptySubsequences: false).map { $0.lowercased() }
            guard let last = sides.last, let time = Self.time(last) else { return nil }
            switch sides.count {
            case 1: times.standard = time
            case 2 where !sides[0].isEmpty: times.named.updateValue(time, forKey: sides[0])
            default: return nil
            }
        }
        self = times
    }

    /// How long a model stays; nil for ever.
    package func time(of model: String) -> Duration? {
        named[model.lowercased()] ?? standard
    }

    private static func time(_ text: String) -> Duration?? {
        if text == "never" { return .some(nil) }
        guard let seconds = Int(text), (0...100_000_000).contains(seconds) else { return nil }
        return .some(.seconds(seconds))
    }
}
