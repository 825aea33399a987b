import Testing

/// No number from outside may end the process.
///
/// `Int(_: Double)` traps for NaN and for values that do not fit, and arithmetic traps beyond the ends of a type. These tests read the
/// source a line at a time and know no types. They see a conversion without a label whose argument looks like a fraction, arithmetic on
/// the line that reads a number from a text, and sums in SQL that are cast without a bound. They do not see a fraction in a variable with
/// a plain name, an argument on another line, or arithmetic further down: `EdgeValueTests` sends the values for which that matters.
/// Write `Int(clamping:)` from Basics or `Int(exactly:)` instead of what they refuse.
@Suite struct ConversionTests {
    /// The only file that may convert without a label: it checks the number before.
    private static let audited = "Sources/Basics/FixedWidthInteger+clamping.swift"

    @Test("fractions become whole numbers by Int(clamping:) or Int(exactly:), which never trap")
    func fractions() throws {
        for (place, line) in try Self.lines(with: "Int") {
            #expect(Self.conversions(in: line).filter(Self.looksFractional).isEmpty, "\(place): \(line)")
        }
    }

    @Test("arithmetic on a number that is read from a text does not trap")
    func arithmetic() throws {
        let reading = /\bU?Int(8|16|32|64)?\(\$0\) \}.*( [-+*] \d|\$0 [-+*] )/
        for (place, line) in try Self.lines(with: "($0) }") {
            #expect(line.firstMatch(of: reading) == nil, "\(place): \(line)")
        }
    }

    @Test("sums in SQL are bounded before they are cast to bigint")
    func sums() throws {
        for (place, line) in try Self.lines(with: "sum(") where line.contains("::") {
            let isBounded = line.contains("least(") || line.contains("9223372036854775807") || line.contains("::double precision")
            #expect(isBounded, "\(place): \(line)")
        }
    }

    @Test(
        "the rule tells trapping conversions from safe ones",
        arguments: [
            ("let whole = Int(seconds.rounded())", true), ("Int((time * 1000))", true), ("x = UInt8(max(0, Double(y)))", true),
            ("Int64(rate)", true), ("return Int(quota / 2.5)", true), ("Int(exactly: seconds.rounded())", false),
            ("Int(clamping: rate * 1000)", false), ("Int(text)", false), ("Int64(bytes.count)", false), ("print(seconds)", false),
            ("Int(clamping: (a + b).rounded(.up)) + Int(c)", false),
        ]
    )
    func rule(line: String, isTrap: Bool) {
        #expect(Self.conversions(in: line[...]).contains(where: Self.looksFractional) == isTrap)
    }

    /// The arguments of the conversions without a label in a line.
    private static func conversions(in line: Substring) -> [Substring] {
        line.matches(of: /\bU?Int(8|16|32|64|128)?\(/).compactMap { match in
            var depth = 1
            let rest = line[match.range.upperBound...]
            let end = rest.firstIndex { character in
                depth += character == "(" ? 1 : character == ")" ? -1 : 0
                return depth == 0
            }
            let argument = rest[..<(end ?? rest.endIndex)]
            return argument.prefixMatch(of: /\w+:/) == nil ? argument : nil
        }
    }

    /// Whether an argument looks like a fraction: it rounds, multiplies or divides with one, or has such a name.
    private static func looksFractional(_ argument: Substring) -> Bool {
        let signs = /\.rounded\(|\* 1000|\d\.\d|\de\d|\b(Double|Float|Float16)\(|\b(log2?|sqrt|pow|exp|floor|ceil)\(|\/ \.(milli)?seconds\(/
        let names = /(?i)seconds|fraction|percent|rate\b|ratio|speed|quota|timeInterval|\bprobability/
        return argument.firstMatch(of: signs) != nil || argument.firstMatch(of: names) != nil
    }

    /// The lines of the product that contain a text and are no comments, with their places.
    private static func lines(with part: String) throws -> [(place: String, line: Substring)] {
        try Project.files(in: "Sources").filter { $0.path != audited }.flatMap { file in
            file.lines.enumerated()
                .filter { $1.contains(part) && !$1.drop { $0 == " " }.hasPrefix("//") }
                .map { ("\(file.path):\($0 + 1)", $1) }
        }
    }
}
