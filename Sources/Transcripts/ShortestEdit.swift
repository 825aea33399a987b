/// The fewest removals and insertions that turn one list into another.
///
/// E. W. Myers, "An O(ND) Difference Algorithm and Its Variations" (1986), section 4b: the middle of the path is found from both ends, so
/// memory is linear; the standard library's `difference(from:)` keeps memory quadratic in the number of differences.
struct ShortestEdit {
    private let old: [Int]
    private let new: [Int]
    private var isRemoved: [Bool]
    private var isAdded: [Bool]
    /// The furthest places reached on each diagonal from the beginning and from the end; `nowhere` where the grid ends.
    private var forward: [Int]
    private var backward: [Int]

    private static let nowhere = Int.min / 2

    /// The edit, element by element: the index of a removed element is that in the old list, of others that in the new one.
    static func script(from old: [Int], to new: [Int]) -> [(change: TextDifference.Change, index: Int)] {
        var edit = ShortestEdit(old, new)
        edit.compare(old.startIndex..<old.endIndex, new.startIndex..<new.endIndex)
        var script: [(TextDifference.Change, Int)] = []
        var (from, to) = (0, 0)
        while from < old.count || to < new.count {
            while from < old.count, edit.isRemoved[from] {
                script.append((.removed, from))
                from += 1
            }
            while to < new.count, edit.isAdded[to] {
                script.append((.added, to))
                to += 1
            }
            if from < old.count, to < new.count, !edit.isRemoved[from] {
                script.append((.same, to))
                (from, to) = (from + 1, to + 1)
            }
        }
        return script
    }

    private init(_ old: [Int], _ new: [Int]) {
        (self.old, self.new) = (old, new)
        isRemoved = Array(repeating: false, count: old.count)
        isAdded = Array(repeating: false, count: new.count)
        forward = Array(repeating: Self.nowhere, count: old.count + new.count + 3)
        backward = forward
    }

    /// Marks what differs between two ranges. Each half has half the differences, so the depth is their logarithm.
    private mutating func compare(_ from: Range<Int>, _ to: Range<Int>) {
        var (from, to) = (from, to)
        while !from.isEmpty, !to.isEmpty, old[from.lowerBound] == new[to.lowerBound] {
            (from, to) = (from.dropFirst(), to.dropFirst())
        }
        while !from.isEmpty, !to.isEmpty, old[from.upperBound - 1] == new[to.upperBound - 1] {
            (from, to) = (from.dropLast(), to.dropLast())
        }
        guard !from.isEmpty, !to.isEmpty else {
            for index in from { isRemoved[index] = true }
            for index in to { isAdded[index] = true }
            return
        }
        let middle = middle(of: from, to)
        compare(from.lowerBound..<middle.from, to.lowerBound..<middle.to)
        compare(middle.from..<from.upperBound, middle.to..<to.upperBound)
    }

    /// A position about half-way on a shortest path; both ranges are not empty and differ at both ends.
    private mutating func middle(of from: Range<Int>, _ to: Range<Int>) -> (from: Int, to: Int) {
        let (rows, columns) = (from.count, to.count)
        let (origin, delta) = ((rows + columns + 1) / 2 + 1, rows - columns)
        for edits in 0...((rows + columns + 1) / 2) {
            for diagonal in stride(from: -edits, through: edits, by: 2) {
                var x = Self.step(in: forward, at: origin + diagonal, diagonal, edits: edits, rows: rows, columns: columns)
                if x >= 0 {
                    while x < rows, x - diagonal < columns, old[from.lowerBound + x] == new[to.lowerBound + x - diagonal] { x += 1 }
                }
                forward[origin + diagonal] = x
                let opposite = delta - diagonal
                if delta & 1 != 0, x >= 0, abs(opposite) < edits, x + backward[origin + opposite] >= rows {
                    return (from.lowerBound + x, to.lowerBound + x - diagonal)
                }
            }
            for diagonal in stride(from: -edits, through: edits, by: 2) {
                var x = Self.step(in: backward, at: origin + diagonal, diagonal, edits: edits, rows: rows, columns: columns)
                if x >= 0 {
                    while x < rows, x - diagonal < columns, old[from.upperBound - 1 - x] == new[to.upperBound - 1 - x + diagonal] { x += 1 }
                }
                backward[origin + diagonal] = x
                let opposite = delta - diagonal
                if delta & 1 == 0, x >= 0, abs(opposite) <= edits, x + forward[origin + opposite] >= rows {
                    return (from.upperBound - x, to.upperBound - x + diagonal)
                }
            }
        }
        // Unreachable: the paths from both ends always meet.
        return (from.upperBound, to.lowerBound)
    }

    /// The furthest position on a diagonal after one edit more than on the adjacent ones; `nowhere` outside of the grid.
    private static func step(in places: [Int], at index: Int, _ diagonal: Int, edits: Int, rows: Int, columns: Int) -> Int {
        guard edits > 0 else { return 0 }
        let right = diagonal > -edits ? places[index - 1] + 1 : nowhere
        let down = diagonal < edits ? places[index + 1] : nowhere
        let best = max(right <= rows ? right : nowhere, down - diagonal <= columns ? down : nowhere)
        return best >= 0 && best - diagonal >= 0 ? best : nowhere
    }
}
