import Archive
import Basics
import Hummingbird

/// A resumable upload in an answer.
struct ResumableUploadResource: ResponseEncodable {
    let id: String
    /// In bytes.
    let offset, length: Int64
    let expiresAt: String
    /// Null while the upload is incomplete.
    @Null var transcriptionID: String?

    init(_ upload: ResumableUpload) {
        id = upload.id.lowercased
        offset = upload.offset
        length = upload.length
        expiresAt = upload.expiresAt.iso8601
        transcriptionID = upload.transcriptionID?.lowercased
    }
}
