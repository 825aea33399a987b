/// Why a bundle could not be written or installed.
package enum BundleError: Error, Hashable, CustomStringConvertible {
    case file(String, reason: String)
    case notABundle
    case damaged(String)
    case checksum(model: String, expected: String, got: String)
    /// A model in the bundle, or one to pack, is not intact.
    case model(String, ModelFileError)
    /// The bundle contains an invalid name.
    case forbiddenName(String)
    /// No model was chosen for the bundle, or one twice.
    case strangeChoice(String)
    /// Another process writes the same file.
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
        case .notABundle: "This file is not a bundle of models. To make one: earshot models bundle"
        case .damaged(let what): "The bundle is damaged: \(what). Copy it again."
        case .checksum(let model, let expected, let got):
            "The model “\(model)” in the bundle is damaged: its SHA-256 is \(got), not \(expected). Copy the bundle again."
        case .model(let name, let error): "The model “\(name)”: \(error.description)"
        case .forbiddenName(let name): "The bundle contains the invalid name “\(name)”. Do not trust it; nothing of it was installed."
        case .strangeChoice(let what): "The bundle cannot be made: \(what)."
        case .busy(let path): "Another process is writing \(path). Try again when it has finished."
        }
    }
}
