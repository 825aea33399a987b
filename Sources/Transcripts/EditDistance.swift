/// The smallest number of insertions, deletions and substitutions between two lists (Levenshtein), and how many of them substitute.
///
/// E. Ukkonen, "Algorithms for Approximate String Matching" (1985): for each number of errors, the furthest position on each
/// diagonal of the table. Time grows with the square of the number of errors, memory with the length of the lists.
struct EditDistance {
    let errors: Int
    let substitutions: Int

    init(from rows: [Int], to columns: [Int]) {
        let origin = rows.count + 1
        var reached = [Int](repeating: Self.nowhere, count: rows.count + columns.count + 3)
        reached[origin] = Self.slide(Self.place(row: 0), 0, rows, columns)
        var errors = 0
        while reached[origin + columns.count - rows.count] >> Self.shift < rows.count {
            errors += 1
            var left = Self.nowhere
            for diagonal in max(-errors, -rows.count)...min(errors, columns.count) {
                let here = reached[origin + diagonal]
                let inserted = left
                let substituted = here + Self.oneRow - 1
                let deleted = reached[origin + diagonal + 1] + Self.oneRow
                let limit = Self.place(row: min(rows.count, columns.count - diagonal))
                var best = Self.nowhere
                if inserted <= limit { best = max(best, inserted) }
                if substituted <= limit { best = max(best, substituted) }
                if deleted <= limit { best = max(best, deleted) }
                left = here
                reached[origin + diagonal] = best < 0 ? Self.nowhere : Self.slide(best, diagonal, rows, columns)
            }
        }
        self.errors = errors
        substitutions = Self.unsubstituted - reached[origin + columns.count - rows.count] & Self.unsubstituted
    }

    /// A position is its row in the upper bits; the lower bits count down with each substitution, so that of two paths to the same row the one
    /// with fewer substitutions is greater.
    private static let shift = 32
    private static let oneRow = 1 << shift
    private static let unsubstituted = oneRow - 1
    private static let nowhere = Int.min / 2

    private static func place(row: Int) -> Int { row << shift | unsubstituted }

    /// Continues along a diagonal while the lists are equal.
    private static func slide(_ place: Int, _ diagonal: Int, _ rows: [Int], _ columns: [Int]) -> Int {
        var row = place >> shift
        while row < rows.count, row + diagonal < columns.count, rows[row] == columns[row + diagonal] { row += 1 }
        return row << shift | place & unsubstituted
    }
}
