import Foundation

/// The list of what a backup holds: the last file of its archive, so that a backup that breaks off has none.
package struct BackupManifest: Codable, Sendable, Hashable {
    /// A file of the archive.
    package struct Entry: Codable, Sendable, Hashable {
        package let name: String
        package let bytes: Int64
        /// In hexadecimal digits.
        package let sha256: String
    }

    /// The version of the archive's form that this program writes and reads.
    static let currentFormat = 1
    static let fileName = "manifest.json"
    static let dumpName = "database.dump"
    static let recordingFolder = "recordings/"

    package let format: Int
    package let createdAt: Date
    /// The identity that database and folder of recordings shared.
    package let identity: String
    /// The last migration of the database.
    package let migration: String
    /// The number of rows of each table in the dump.
    package let rows: [String: Int]
    package let dump: Entry
    /// The recordings' files, by their stored names.
    package let recordings: [Entry]
    /// The stored names of recordings that are in the dump, but were deleted before their file was copied.
    package let deleted: [String]

    /// The length of all files, in bytes.
    package var totalBytes: Int64 { recordings.reduce(dump.bytes) { $0 + $1.bytes } }
}
