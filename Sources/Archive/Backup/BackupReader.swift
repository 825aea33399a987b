import Basics
import Crypto
import Foundation
import Postgres
import SystemPackage

/// Reads a backup from its beginning to its end, and compares all of it: lengths, checksums, rows and files.
package struct BackupReader: Sendable {
    private let onProgress: @Sendable (BackupProgress) -> Void

    package init(onProgress: @escaping @Sendable (BackupProgress) -> Void) {
        self.onProgress = onProgress
    }

    /// Reads a backup in a file, or from standard input (`-`).
    ///
    /// - Throws: `BackupError.damaged`.
    package func verify(_ path: FilePath) async throws -> BackupManifest {
        try await withTemporaryFolder { work in try await read(path, dump: work.appending(BackupManifest.dumpName), recordings: nil) }
    }

    /// Reads a backup, and writes its dump and, where a folder is given, its recordings to the disk.
    func read(_ path: FilePath, dump: FilePath, recordings folder: FilePath?) async throws -> BackupManifest {
        let isInput = path == "-"
        let input = isInput ? .standardInput : try await blocking { try FileDescriptor.open(path, .readOnly, options: [.closeOnExec]) }
        defer { if !isInput { try? input.close() } }
        let total = isInput ? 0 : try await blocking { try input.length() }
        var done: Int64 = 0
        var seen: [BackupManifest.Entry] = []
        var list: [UInt8]?
        while let head = try await nextHead(input) {
            guard list == nil else { throw BackupError.damaged("it has more files than its manifest") }
            let name = head.name
            var goal: FileDescriptor?
            switch name {
            case BackupManifest.fileName:
                guard head.byteCount < 1 << 30 else { throw BackupError.damaged("its manifest is too long") }
                list = []
            case BackupManifest.dumpName: goal = try await create(dump)
            default:
                guard let place = Self.storedName(name) else { throw BackupError.damaged("it has a file of the name “\(name)”") }
                if let folder { goal = try await create(folder.appending(place)) }
            }
            let target = goal
            defer { try? target?.close() }
            var hash = SHA256()
            var left = head.byteCount
            while left > 0 {
                try Task.checkCancellation()
                let count = Int(min(left, Int64(StoredFile.pieceBytes)))
                let bytes = try await blocking { try input.nextPiece(count) }
                guard bytes.count == count else { throw BackupError.damaged("it breaks off within \(name)") }
                hash.update(data: bytes)
                list?.append(contentsOf: bytes)
                if let target { try await blocking { _ = try target.writeAll(bytes) } }
                left -= Int64(count)
                done += Int64(count)
                onProgress(BackupProgress(step: .reading, bytes: done, total: total))
            }
            let padding = Int(head.padding)
            guard try await blocking({ try input.nextPiece(padding) }).count == padding else {
                throw BackupError.damaged("it breaks off after \(name)")
            }
            if let target { try await blocking { guard fsync(target.rawValue) == 0 else { throw Errno(rawValue: errno) } } }
            seen.append(BackupManifest.Entry(name: name, bytes: head.byteCount, sha256: hash.finalize().hexadecimal))
        }
        guard let list else { throw BackupError.damaged("it has no manifest") }
        return try await check(seen.dropLast(), against: list, dump: dump)
    }

    private func check(_ seen: ArraySlice<BackupManifest.Entry>, against list: [UInt8], dump: FilePath) async throws -> BackupManifest {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        guard let manifest = try? decoder.decode(BackupManifest.self, from: Data(list)) else {
            throw BackupError.damaged("its manifest can't be read")
        }
        guard manifest.format == BackupManifest.currentFormat else {
            throw BackupError.damaged("its form \(manifest.format) is unknown to this version of Earshot")
        }
        let folder = BackupManifest.recordingFolder
        let expected =
            [manifest.dump]
            + manifest.recordings.map { BackupManifest.Entry(name: folder + $0.name, bytes: $0.bytes, sha256: $0.sha256) }
        for (entry, wanted) in zip(seen, expected) where entry != wanted {
            throw BackupError.damaged("\(wanted.name) is not as the manifest says")
        }
        guard seen.count == expected.count else { throw BackupError.damaged("it has \(seen.count) files instead of \(expected.count)") }
        let contents = try await BackupContents(of: dump, DumpPrograms.toRestore())
        guard contents.rows == manifest.rows, contents.identity == manifest.identity, contents.migration == manifest.migration else {
            throw BackupError.damaged("its dump is not the one that the manifest describes")
        }
        let files = Set(manifest.recordings.map { StoredFile(name: $0.name, bytes: $0.bytes, sha256: $0.sha256) })
        let deleted = Set(manifest.deleted)
        let named = contents.recordings.filter { !deleted.contains($0.name) }
        guard files == Set(named), files.count == named.count else {
            throw BackupError.damaged("its recordings are not those that its dump names")
        }
        return manifest
    }

    /// The head of the next file; nil at the archive's end.
    private func nextHead(_ input: FileDescriptor) async throws -> TarHead? {
        let bytes = try await blocking { try input.nextPiece(Int(TarHead.blockBytes)) }
        guard bytes.count == Int(TarHead.blockBytes) else { throw BackupError.damaged("it breaks off") }
        if bytes.allSatisfy({ $0 == 0 }) { return nil }
        guard let head = TarHead(bytes) else { throw BackupError.damaged("it is no archive of Earshot, or the head of a file is damaged") }
        return head
    }

    /// The stored name of a recording's file in the archive; nil if its name is none that Earshot gives.
    private static func storedName(_ name: String) -> String? {
        guard name.hasPrefix(BackupManifest.recordingFolder) else { return nil }
        let rest = String(name.dropFirst(BackupManifest.recordingFolder.count))
        return BackupContents.isFileName(rest) ? rest : nil
    }

    private func create(_ path: FilePath) async throws -> FileDescriptor {
        try await blocking {
            try FileDescriptor.open(
                path,
                .writeOnly,
                options: [.create, .truncate, .closeOnExec, .noFollow],
                permissions: [.ownerReadWrite, .groupRead]
            )
        }
    }
}

extension FileDescriptor {
    /// The length of a file, and its beginning as the place to read from.
    fileprivate func length() throws -> Int64 {
        let length = try seek(offset: 0, from: .end)
        try seek(offset: 0, from: .start)
        return length
    }
}
