import Archive
import ArgumentParser
import Basics
import Foundation
import SystemPackage

/// `earshot database verify`: checks a backup, or the installation.
struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Read a backup to its end, or compare every recording's file with the database.",
        discussion: """
            Exit code: 0 if everything is right, 1 if something is wrong.

            Examples:
              earshot database verify monday.tar
              earshot database verify
            """
    )

    @Argument(help: "A backup; “-” reads standard input. Without it, the installation is checked.")
    var file: String?

    func run() async throws {
        guard let file else { return try await ArchiveAccess.open(checkInstallation) }
        try await CommandError.explained {
            let manifest = try await BackupReader(onProgress: BackupProgress.show).verify(FilePath(file))
            Terminal.clearLine()
            let rows = manifest.rows.values.reduce(0, +)
            print(
                "\(file) is whole: \(manifest.recordings.count) recordings, \(rows) rows, \(ByteCount.text(manifest.totalBytes)), "
                    + "saved at \(manifest.createdAt.formatted(.iso8601))."
            )
        }
    }

    private func checkInstallation(_ access: ArchiveAccess) async throws {
        try await access.archive.identity.check()
        let check = InstallationCheck(archive: access.archive, database: access.database, onProgress: BackupProgress.show)
        let outcome = try await check.run()
        Terminal.clearLine()
        for problem in outcome.problems { print(problem) }
        print(
            "\(outcome.recordings) recordings, \(ByteCount.text(outcome.bytes)): \(outcome.problems.count) not as the database says. "
                + "\(outcome.lost) lost files, \(outcome.doomed) files still to be deleted."
        )
        if !outcome.problems.isEmpty { throw ExitCode(1) }
    }
}
