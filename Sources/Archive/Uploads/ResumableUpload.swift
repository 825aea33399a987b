import Foundation
import SystemPackage

/// An upload that may arrive in several requests.
package struct ResumableUpload: Sendable, Hashable {
    package let id: UUID
    /// The number of bytes that it will have.
    package let length: Int64
    /// The number of bytes that have arrived.
    package var offset: Int64
    /// The client's header Upload-Metadata, unchanged.
    package let metadata: String
    /// When it is removed if no more bytes arrive.
    package var expiresAt: Date
    /// The transcription that it has become; nil until it is complete and accepted.
    package var transcriptionID: UUID?

    /// Whether all its bytes have arrived.
    package var isWhole: Bool { offset == length }
}

/// An upload with its file's lock: no other request, in any process, can append to it until this is released.
package struct OpenUpload: Sendable {
    package var upload: ResumableUpload
    let path: FilePath
    let file: LockedFile
}
