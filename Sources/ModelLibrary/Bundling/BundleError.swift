/// Why a bundle can't be written or installed.
package enum BundleError: Error, Hashable, CustomStringConvertible {
    /// A file can't be read or written, and the system's reason.
    case file(String, reason: String)
    /// The file is no bundle of Earshot's.
    case notABundle
    /// The bundle is cut off or damaged.
    case damaged(String)
    /// A model's checksum is not the one that the bundle promises.
    case checksum(model: String, expected: String, got: String)
    /// A model in the bundle, or to be put into it, is no whole model.
    case model(String, ModelFileError)
    /// The bundle holds a name that is no model's.
    case forbiddenName(String)
    /// Nothing was chosen for the bundle, or something twice.
    case strangeChoice(String)
    /// Another process makes the same file.
    case busy(String)

    /// The reason as a word for programs.
    package var code: String {
        switch self {
        case .file: "file"
        case .notABundle: "not_a_bundle"
        case .damaged: "damaged"
        case .checksum: "checksum"
        case .model: "model"
        case .forbiddenName: "forbidden_name"
        case .strangeChoice: "strange_choice"
        case .busy: "busy"
        }
    }

    package var description: String {
        switch self {
        case .file(let path, let reason): "\(path): \(reason)."
        case .notABundle: "This is no bundle of models. Make one with “earshot models bundle”."
        case .damaged(let what): "The bundle is damaged: \(what). Copy it again."
        case .checksum(let model, let expected, let got):
            "The model “\(model)” in the bundle is damaged: its SHA-256 is \(got), not \(expected). Copy the bundle again."
        case .model(let name, let error): "The model “\(name)”: \(error.description)"
        case .forbiddenName(let name): "The bundle holds “\(name)”, which is no model's name. Nothing of it was installed; don't trust it."
        case .strangeChoice(let what): "The bundle can't be made: \(what)."
        case .busy(let path): "Another process is making \(path) just now. Try again when it has finished."
        }
    }
}
