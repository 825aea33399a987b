/// A field of an answer that is written as `null` when it has no value; a plain optional is left out.
///
/// The API's description decides: a field that it calls nullable is always present, so it is `@Null` here.
@propertyWrapper
struct Null<Value: Encodable & Sendable>: Encodable, Sendable {
    var wrappedValue: Value?

    // Written out so that it has no default, which would make memberwise initializers take the wrapper.
    init(wrappedValue: Value?) {
        self.wrappedValue = wrappedValue
    }

    func encode(to encoder: any Encoder) throws {
        var field = encoder.singleValueContainer()
        try field.encode(wrappedValue)
    }
}
