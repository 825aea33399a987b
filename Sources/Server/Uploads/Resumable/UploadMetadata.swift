import Foundation
import HTTPTypes

/// What a client says of an upload in several requests: `filename dGFsay5tcDM=,language ZW4=` (tus 1.0, creation).
struct UploadMetadata {
    /// The values by key; of two of one key the last counts.
    let values: [String: String]

    /// - Throws: `APIError` where a value is no text in Base64.
    init(_ header: String) throws {
        var values: [String: String] = [:]
        for pair in header.split(separator: ",") {
            let words = pair.split(separator: " ", omittingEmptySubsequences: true)
            guard let key = words.first, words.count <= 2 else { throw Self.malformed }
            guard words.count == 2 else {
                values[String(key)] = ""
                continue
            }
            guard let data = Data(base64Encoded: String(words[1])), let text = String(validating: data, as: UTF8.self) else {
                throw Self.malformed
            }
            values[String(key)] = text
        }
        self.values = values
    }

    /// What the client calls the file; both keys are in use.
    var filename: String { values["filename"] ?? values["name"] ?? "" }

    /// What the client says that the file is.
    var mediaType: String? { values["filetype"] ?? values["type"] }

    /// All values as a form would have them: those that are options count as such.
    var fields: UploadFields { values.mapValues { [$0] } }

    private static let malformed = APIError(
        status: .badRequest,
        code: "malformed_metadata",
        detail: "Upload-Metadata is a list of keys, each with its value in Base64 (UTF-8): “filename dGFsay5tcDM=,language ZW4=”."
    )
}
