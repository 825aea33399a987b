import Archive
import ArgumentParser
import Postgres
import SystemPackage

/// `earshot database restore`: replaces everything by a backup.
struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Replace the database and the recordings by those of a backup.",
        discussion: """
            Stop Earshot first. The backup is read to its end and restored beside what is there; only then the two are swapped, in one \
            transaction. What goes wrong before leaves everything as it was. What was replaced is kept until “earshot database discard-old”.
            Exit code: 0 if the backup was restored, 1 if nothing was changed.

            Example:
              earshot database restore monday.tar
            """
    )

    @Argument(help: "The backup; “-” reads standard input.")
    var file: String

    func run() async throws {
        try await ArchiveAccess.open(connections: 1) { access in
            let restorer = BackupRestorer(
                database: access.database,
                folder: access.archive.recordings.folder,
                onProgress: BackupProgress.show
            )
            let outcome = try await restorer.restore(FilePath(file))
            Terminal.clearLine()
            print("Restored \(file): \(outcome.manifest.recordings.count) recordings.")
            print("The database's old tables are in its schema \(outcome.oldSchema).")
            if let folder = outcome.oldFiles { print("Recordings that the backup does not have are in \(folder).") }
            print("When you no longer need them: earshot database discard-old")
        }
    }
}
