/// What a pickle of a checkpoint can consist of.
enum PickleValue: Sendable {
    case none
    case bool(Bool)
    case integer(Int)
    case text(String)
    /// A name that stands for something in a program; nothing is ever looked up or called.
    case global(String)
    case tuple([PickleValue], depth: Int)
    /// A dictionary, by its place among those of the pickle: it changes after it was remembered.
    case dictionary(Int)
    case storage(TorchStorage)
    case tensor(TorchTensor)

    /// How many tuples lie in one another here.
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

    /// The numbers of a tuple that has only numbers.
    var integers: [Int]? {
        guard case .tuple(let items, _) = self else { return nil }
        let numbers = items.compactMap(\.integer)
        return numbers.count == items.count ? numbers : nil
    }
}

/// A stretch of numbers in a checkpoint's zip file.
struct TorchStorage: Sendable, Hashable {
    /// The name of its entry below `data/`.
    let key: String
    let format: NumberFormat
    /// How many numbers it says to have.
    let count: Int
}

/// A tensor: a view of a storage.
struct TorchTensor: Sendable, Hashable {
    let storage: TorchStorage
    /// Where it begins in the storage, in numbers.
    let start: Int
    /// The sizes of its dimensions, the one whose numbers lie side by side last.
    let shape: [Int]
    /// How far apart neighbours are in each dimension, in numbers.
    let strides: [Int]
}
