import Basics
import Crypto
import Foundation
import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file that was in the folder of recordings although no row named it.
package struct LostFile: Sendable, Hashable {
    /// Its name in the folder of recordings.
    package let name: String
    /// The day on which it was set aside, as `2026-11-30`.
    package let day: String
    /// Its length in bytes.
    package let size: Int64
}

/// Files that no row names: they are never deleted at once, but set aside in `lost`, a folder for each day, from where they can be taken back.
package struct LostFiles: Sendable {
    let folder: RecordingFolder

    private var root: FilePath { folder.folder.appending("lost") }

    private func path(of file: LostFile) -> FilePath { root.appending(file.day).appending(file.name) }

    /// All of them, those of the earliest day first.
    package func list() async throws -> [LostFile] {
        try await blocking {
            try days().flatMap { day in
                try FileManager.default.contentsOfDirectory(atPath: root.appending(day).string).sorted().compactMap { name in
                    var information = stat()
                    guard lstat(root.appending(day).appending(name).string, &information) == 0 else { return nil }
                    return LostFile(name: name, day: day, size: Int64(information.st_size))
                }
            }
        }
    }

    /// The folders of the days in order; none before the first file was lost. Blocks its thread.
    private func days() throws -> [String] {
        guard FileManager.default.fileExists(atPath: root.string) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: root.string).filter { Self.date(of: $0) != nil }.sorted()
    }

    /// Moves a file of the folder of recordings aside. Blocks its thread.
    func setAside(_ name: String) throws {
        let place = root.appending(Date.now.formatted(Self.dayFormat))
        try FileManager.default.createDirectory(
            atPath: place.string,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o750]
        )
        try Self.move(folder.path(of: name), to: place.appending(name))
    }

    /// Moves a file back under the name that its row has. Blocks its thread.
    ///
    /// - Throws: `Errno.fileExists` if there is a file of this name.
    func putBack(_ file: LostFile) throws {
        try Self.move(path(of: file), to: folder.path(of: file.name))
    }

    /// A lost file as `RecordingStore.accept` takes it.
    package func receivedFile(of file: LostFile) async throws -> ReceivedFile {
        let path = path(of: file)
        let locked = try await blocking { try LockedFile(existing: path) }
        return try await ReceivedFile(reading: locked, at: path, source: .lostFiles)
    }

    /// Removes the files of days that are longer ago than the grace time, and returns their names.
    func removeExpired(grace: Duration) async throws -> [String] {
        try await blocking {
            var removed: [String] = []
            for day in try days() {
                // The grace time begins at the end of the day.
                guard let date = Self.date(of: day), date.addingTimeInterval(86_400 + grace.seconds) < .now else { continue }
                removed += try FileManager.default.contentsOfDirectory(atPath: root.appending(day).string)
                try FileManager.default.removeItem(atPath: root.appending(day).string)
            }
            return removed
        }
    }

    private static let dayFormat = Date.ISO8601FormatStyle(timeZone: .gmt).year().month().day()

    private static func date(of day: String) -> Date? { try? dayFormat.parse(day) }

    /// Moves a file without ever replacing another one.
    private static func move(_ path: FilePath, to goal: FilePath) throws {
        if link(path.string, goal.string) == 0 {
            guard unlink(path.string) == 0 else { throw Errno(rawValue: errno) }
        } else if errno == EEXIST {
            throw Errno.fileExists
        } else {
            // The file system knows no second name for a file.
            guard rename(path.string, goal.string) == 0 else { throw Errno(rawValue: errno) }
        }
        try FileDescriptor.synchronizeFolder(of: goal)
    }
}
