import Foundation
import HTTPTypes

/// The metadata of a resumable upload: `filename dGFsay5tcDM=,language ZW4=` (tus 1.0, creation).
struct UploadMetadata {
    /// The values by key; the last of several values takes precedence.
    let values: [String: String]

    /// - Throws: `APIError` if a value is not text in Base64.
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

    /// The client's name of the file; both keys are in use.
    var filename: String { values["filename"] ?? values["name"] ?? "" }

    /// The file's media type, as the client declares it.
    var mediaType: String? { values["filetype"] ?? values["type"] }

    /// All values as form fields, which may be options.
    var fields: UploadFields { values.mapValues { [$0] } }

    private static let malformed = APIError.badRequest(
        "malformed_metadata",
        "Upload-Metadata must be a list of keys with values in Base64 (UTF-8): “filename dGFsay5tcDM=,language ZW4=”."
    )
}
