import Foundation
import SystemPackage

/// An upload that may arrive in several requests.
package struct ResumableUpload: Sendable, Hashable {
    package let id: UUID
    /// The bytes that it will have.
    package let length: Int64
    /// The bytes that have come.
    package var offset: Int64
    /// What the client said of it: the header Upload-Metadata as it came.
    package let metadata: String
    /// When it is removed if nothing more comes.
    package var expiresAt: Date
    /// What became of it; nil until it was whole and accepted.
    package var transcriptionID: UUID?

    /// Whether all its bytes are there.
    package var isWhole: Bool { offset == length }
}

/// An upload that somebody is bringing bytes of: nobody else can, in any process, until this is released.
package struct OpenUpload: Sendable {
    /// How it stands.
    package var upload: ResumableUpload
    let path: FilePath
    let file: LockedFile
}
