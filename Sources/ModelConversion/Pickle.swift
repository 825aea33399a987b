/// Reads the part of Python's pickle format that checkpoints need: protocol 2, plain values, and three functions that are never called.
///
/// No name of a pickle is resolved and nothing of it is executed. Memory is limited by the length of the pickle, which the caller limits;
/// the depth of tuples is limited, so that they cannot exhaust the stack.
struct Pickle {
    private static let mark = 0x28, stop = 0x2e
    private static let deepest = 8

    private let bytes: LittleEndianBytes
    private var position = 0
    private var stack: [PickleValue] = []
    private var marks: [Int] = []
    private var memo: [Int: PickleValue] = [:]
    private var dictionaries: [[(key: PickleValue, value: PickleValue)]] = []
    private var root = PickleValue.none

    /// Reads a whole pickle; throws `ConversionError`.
    init(_ bytes: [UInt8]) throws(ConversionError) {
        self.bytes = LittleEndianBytes(bytes)
        while true {
            let operation = try number(1)
            if operation == Self.stop { break }
            try perform(operation)
        }
        root = try pop()
        guard marks.isEmpty, stack.isEmpty else { throw Self.malformed }
    }

    /// The value for a key of the outermost dictionary; nil if there is none.
    subscript(key: String) -> PickleValue? {
        pairs(root)?.last { $0.key.text == key }?.value
    }

    /// The contents of a dictionary in order; nil for any other value.
    func pairs(_ value: PickleValue) -> [(key: PickleValue, value: PickleValue)]? {
        guard case .dictionary(let index) = value else { return nil }
        return dictionaries[index]
    }

    /// Performs an operation by its number in Python's `pickletools`.
    private mutating func perform(_ operation: Int) throws(ConversionError) {
        switch operation {
        case 0x80: try readProtocol()
        case Self.mark: marks.append(stack.count)
        case 0x4e: stack.append(.none)
        case 0x88, 0x89: stack.append(.bool(operation == 0x88))
        case 0x4b: stack.append(.integer(try number(1)))
        case 0x4d: stack.append(.integer(try number(2)))
        case 0x4a: stack.append(.integer(Int(Int32(truncatingIfNeeded: try number(4)))))
        case 0x8a: stack.append(.integer(try longNumber()))
        case 0x58: stack.append(.text(try text(try number(4))))
        case 0x55: stack.append(.text(try text(try number(1))))
        case 0x63: stack.append(.global("\(try line()).\(try line())"))
        case 0x7d: makeDictionary()
        case 0x29: stack.append(.tuple([], depth: 1))
        case 0x85, 0x86, 0x87: try makeTuple(try pop(operation - 0x84))
        case 0x74: try makeTuple(try popToMark())
        case 0x71: memo[try number(1)] = try top()
        case 0x72: memo[try number(4)] = try top()
        case 0x68: try recall(try number(1))
        case 0x6a: try recall(try number(4))
        case 0x73: try set(try pop(2))
        case 0x75: try set(try popToMark())
        case 0x51: stack.append(.storage(try Self.storage(try pop())))
        case 0x52: try reduce()
        case 0x62: try build()
        default: throw .forbidden("the pickle operation 0x\(String(operation, radix: 16))")
        }
    }

    private mutating func readProtocol() throws(ConversionError) {
        let version = try number(1)
        guard version == 2 else { throw .unsupported("its pickle has protocol \(version), not 2") }
    }

    private mutating func recall(_ index: Int) throws(ConversionError) {
        guard let value = memo[index] else { throw Self.malformed }
        stack.append(value)
    }

    private mutating func makeTuple(_ items: [PickleValue]) throws(ConversionError) {
        stack.append(.tuple(items, depth: try Self.depth(over: items)))
    }

    private mutating func makeDictionary() {
        stack.append(.dictionary(dictionaries.count))
        dictionaries.append([])
    }

    private mutating func set(_ items: [PickleValue]) throws(ConversionError) {
        guard case .dictionary(let index) = try top(), items.count.isMultiple(of: 2) else { throw Self.malformed }
        for pair in stride(from: 0, to: items.count, by: 2) { dictionaries[index].append((items[pair], items[pair + 1])) }
    }

    /// Pushes the value that a call of one of the known functions would return.
    private mutating func reduce() throws(ConversionError) {
        guard case .tuple(let arguments, _) = try pop(), case .global(let name) = try pop() else { throw Self.malformed }
        switch name {
        case "collections.OrderedDict" where arguments.isEmpty: makeDictionary()
        case "torch._utils._rebuild_tensor_v2": stack.append(.tensor(try Self.tensor(arguments)))
        case "torch._utils._rebuild_parameter":
            guard case .tensor(let tensor)? = arguments.first else { throw Self.malformed }
            stack.append(.tensor(tensor))
        default: throw .forbidden("a call of “\(name.prefix(100))”")
        }
    }

    /// Drops the attributes of an ordered dictionary, in which PyTorch stores versions; no other value has attributes.
    private mutating func build() throws(ConversionError) {
        _ = try pop()
        guard case .dictionary = try top() else { throw .forbidden("attributes of an object") }
    }

    private static func storage(_ value: PickleValue) throws(ConversionError) -> TorchStorage {
        guard
            case .tuple(let items, _) = value, items.count == 5, items[0].text == "storage", case .global(let type) = items[1],
            let key = items[2].text, let count = items[4].integer
        else { throw malformed }
        let formats: [String: NumberFormat] = [
            "torch.FloatStorage": .f32, "torch.HalfStorage": .f16, "torch.BFloat16Storage": .bf16,
        ]
        guard let format = formats[type] else { throw .unsupported("it holds numbers of the kind “\(type.prefix(100))”") }
        return TorchStorage(key: key, format: format, count: count)
    }

    private static func tensor(_ arguments: [PickleValue]) throws(ConversionError) -> TorchTensor {
        guard
            arguments.count >= 4, case .storage(let storage) = arguments[0], let start = arguments[1].integer,
            let shape = arguments[2].integers, let strides = arguments[3].integers
        else { throw malformed }
        return TorchTensor(storage: storage, start: start, shape: shape, strides: strides)
    }

    private static func depth(over items: [PickleValue]) throws(ConversionError) -> Int {
        let depth = 1 + items.reduce(0) { max($0, $1.depth) }
        guard depth <= deepest else { throw .forbidden("tuples in more than \(deepest) tuples") }
        return depth
    }
}

extension Pickle {
    private static let malformed = ConversionError.damaged("its list of tensors cannot be read")

    private mutating func number(_ width: Int) throws(ConversionError) -> Int {
        defer { position += width }
        return try bytes.number(at: position, width)
    }

    private mutating func text(_ length: Int) throws(ConversionError) -> String {
        defer { position += length }
        return try bytes.text(at: position, length)
    }

    /// A whole number of up to eight bytes.
    private mutating func longNumber() throws(ConversionError) -> Int {
        let width = try number(1)
        guard width <= 8 else { throw Self.malformed }
        guard width > 0 else { return 0 }
        var bits: UInt64 = 0
        for index in 0..<width { bits |= UInt64(try number(1)) << UInt64(index * 8) }
        let unused = UInt64(64 - width * 8)
        return Int(Int64(bitPattern: bits << unused) >> Int64(unused))
    }

    private mutating func line() throws(ConversionError) -> String {
        let start = position
        while try number(1) != 0x0a {}
        return try bytes.text(at: start, position - start - 1)
    }

    private func top() throws(ConversionError) -> PickleValue {
        // Values below the last mark belong to another container.
        guard let value = stack.last, stack.count > marks.last ?? 0 else { throw Self.malformed }
        return value
    }

    private mutating func pop() throws(ConversionError) -> PickleValue {
        let value = try top()
        stack.removeLast()
        return value
    }

    private mutating func pop(_ count: Int) throws(ConversionError) -> [PickleValue] {
        var items: [PickleValue] = []
        for _ in 0..<count { items.append(try pop()) }
        return items.reversed()
    }

    private mutating func popToMark() throws(ConversionError) -> [PickleValue] {
        guard let mark = marks.popLast(), stack.count >= mark else { throw Self.malformed }
        defer { stack.removeLast(stack.count - mark) }
        return Array(stack[mark...])
    }
}
