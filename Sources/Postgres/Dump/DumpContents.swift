/// The rows in a dump, as the text that `pg_restore --data-only` writes shows them.
package struct DumpContents: Sendable {
    /// The number of rows of each table, by its name without the schema.
    package private(set) var counts: [String: Int] = [:]
    /// The rows of the tables that were asked for: each column's text as COPY writes it.
    package private(set) var rows: [String: [[String: String]]] = [:]

    private let wanted: Set<String>
    private var table: (name: String, columns: [String])?
    private var line: [UInt8] = []

    /// The end of a line is kept only up to here: rows of other tables may be long.
    private static let longestLine = 64 << 10

    init(rowsOf tables: Set<String>) {
        wanted = tables
    }

    /// Whether the text did not end within a table.
    var isComplete: Bool { table == nil && line.isEmpty }

    mutating func read(_ bytes: UnsafeRawBufferPointer) {
        var rest = bytes[...]
        while let end = rest.firstIndex(of: 0x0a) {
            append(rest[..<end])
            readLine()
            line.removeAll(keepingCapacity: true)
            rest = rest[(end + 1)...]
        }
        append(rest)
    }

    private mutating func append(_ bytes: Slice<UnsafeRawBufferPointer>) {
        line.append(contentsOf: bytes.prefix(max(0, Self.longestLine - line.count)))
    }

    private mutating func readLine() {
        guard let table else {
            if line.starts(with: "COPY ".utf8) { self.table = Self.table(in: String(decoding: line, as: UTF8.self)) }
            return
        }
        if line.elementsEqual("\\.".utf8) {
            self.table = nil
            return
        }
        counts[table.name, default: 0] += 1
        guard wanted.contains(table.name) else { return }
        let values = String(decoding: line, as: UTF8.self).split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        rows[table.name, default: []].append(Dictionary(zip(table.columns, values)) { first, _ in first })
    }

    /// Reads `COPY public.jobs (id, kind) FROM stdin;`.
    private static func table(in line: String) -> (name: String, columns: [String])? {
        guard let match = line.wholeMatch(of: /COPY (?:[^ .]+\.)?([^ .]+) \((.*)\) FROM stdin;/) else { return nil }
        return (String(match.1), match.2.split(separator: ", ").map(String.init))
    }
}
