extension Timestamp {
    /// Reads what people write for a place in a recording: seconds ("95.5"), or minutes or hours before them ("1:35.5", "0:01:35").
    ///
    /// Nil for anything else, for what is negative, and for 1,000 hours or more.
    package init?(clockText: String) {
        let parts = clockText.replacing(",", with: ".").split(separator: ":", omittingEmptySubsequences: false)
        guard (1...3).contains(parts.count), parts.allSatisfy({ $0.first?.isNumber == true && !$0.contains(where: \.isLetter) }) else {
            return nil
        }
        var total = 0.0
        for (index, part) in parts.enumerated() {
            let isSeconds = index == parts.count - 1
            guard let number = isSeconds ? Double(part) : Int(part).map(Double.init), index == 0 || number < 60 else { return nil }
            total = total * 60 + number
        }
        guard total < 3_600_000 else { return nil }
        self.init(seconds: total)
    }
}
