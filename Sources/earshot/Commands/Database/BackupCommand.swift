import Archive
import ArgumentParser
import Basics
import SystemPackage

/// `earshot database backup`: saves everything in one file.
struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Save the database and the recordings in one file, while Earshot runs.",
        discussion: """
            The file is a tar archive with a dump of the database, every recording, and a manifest with checksums. It is read back before \
            it gets its name. Models and settings are not included. Needs PostgreSQL's pg_dump of the server's version, or a newer one.
            Exit code: 0 if the backup was saved and is right; 1 if not, and then there is no such file.

            Examples:
              earshot database backup /backups/monday.tar
              earshot database backup - | ssh nas 'cat >monday.tar'    verify it there with “earshot database verify”
            """
    )

    @Argument(help: "The file to make; “-” writes to standard output, unverified.")
    var file: String

    func run() async throws {
        try await ArchiveAccess.open { access in
            let writer = BackupWriter(
                database: access.database,
                folder: access.archive.recordings.folder,
                onProgress: BackupProgress.show
            )
            if file == "-" { return try await writer.write(to: .standardOutput) }
            let manifest = try await writer.write(to: FilePath(file))
            Terminal.clearLine()
            let count = manifest.recordings.count
            print("Saved and verified \(file): \(count) recordings, \(ByteCount.text(manifest.totalBytes)).")
        }
    }
}
