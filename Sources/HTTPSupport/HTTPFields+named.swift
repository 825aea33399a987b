import HTTPTypes

extension HTTPFields {
    /// The value of a header that the HTTP package has no constant for.
    package subscript(named name: String) -> String? {
        get { HTTPField.Name(name).flatMap { self[$0] } }
        set { if let name = HTTPField.Name(name) { self[name] = newValue } }
    }
}
