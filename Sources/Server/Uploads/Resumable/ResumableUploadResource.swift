import Archive
import Foundation
import Hummingbird

/// An upload in several requests as the API shows it.
struct ResumableUploadResource: ResponseEncodable {
    let id: String
    /// Bytes that have come, and that will have come at the end.
    let offset, length: Int64
    let expiresAt: String
    /// What became of it; null while bytes are missing.
    let transcriptionID: String?

    enum CodingKeys: String, CodingKey {
        case id, offset, length
        case expiresAt = "expires_at"
        case transcriptionID = "transcription_id"
    }

    init(_ upload: ResumableUpload) {
        id = upload.id.uuidString.lowercased()
        offset = upload.offset
        length = upload.length
        expiresAt = upload.expiresAt.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        transcriptionID = upload.transcriptionID?.uuidString.lowercased()
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(id, forKey: .id)
        try container.encode(offset, forKey: .offset)
        try container.encode(length, forKey: .length)
        try container.encode(expiresAt, forKey: .expiresAt)
        try container.encode(transcriptionID, forKey: .transcriptionID)
    }
}
