/// A value in the pickle of a checkpoint.
enum PickleValue: Sendable {
    case none
    case bool(Bool)
    case integer(Int)
    case text(String)
    /// The name of a function or class, which is never resolved or called.
    case global(String)
    case tuple([PickleValue], depth: Int)
    /// A dictionary by its index in the pickle, because it changes after it was memoized.
    case dictionary(Int)
    case storage(TorchStorage)
    case tensor(TorchTensor)

    /// The depth of nested tuples.
    var depth: Int {
        guard case .tuple(_, let depth) = self else { return 0 }
        return depth
    }

    var text: String? {
        guard case .text(let text) = self else { return nil }
        return text
    }

    var integer: Int? {
        guard case .integer(let number) = self else { return nil }
        return number
    }

    /// The elements of a tuple of integers.
    var integers: [Int]? {
        guard case .tuple(let items, _) = self else { return nil }
        let numbers = items.compactMap(\.integer)
        return numbers.count == items.count ? numbers : nil
    }
}

/// A range of numbers in the zip file of a checkpoint.
struct TorchStorage: Sendable, Hashable {
    /// The name of the entry below `data/`.
    let key: String
    let format: NumberFormat
    /// The number of elements that the pickle claims.
    let count: Int
}

/// A tensor: a view of a storage.
struct TorchTensor: Sendable, Hashable {
    let storage: TorchStorage
    /// The offset in the storage, in numbers.
    let start: Int
    /// The sizes of the dimensions, the one with adjacent numbers last.
    let shape: [Int]
    /// The distance of neighbors in each dimension, in numbers.
    let strides: [Int]
}
