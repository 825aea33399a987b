import Archive
import ArgumentParser
import Postgres

/// `earshot database`: backs up, checks and restores what Earshot stores.
struct DatabaseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "database",
        abstract: "Back up, verify and restore the database with its recordings.",
        discussion: """
            Examples:
              earshot database backup monday.tar    save everything, while Earshot runs
              earshot database verify monday.tar    read a backup to its end
              earshot database verify               compare every recording's file with the database
              earshot database restore monday.tar   replace everything by a backup
              earshot database discard-old          remove what a restore has replaced
            """,
        subcommands: [BackupCommand.self, VerifyCommand.self, RestoreCommand.self, DiscardOldCommand.self]
    )
}

extension BackupProgress {
    /// Shows the progress on an interactive terminal.
    @Sendable
    static func show(_ progress: BackupProgress) {
        let title =
            switch progress.step {
            case .dumping: "Dumping the database"
            case .copying: "Copying recordings"
            case .reading: "Reading"
            case .checking: "Restoring the database"
            }
        FractionBar(title: title).show(progress.fraction)
    }
}
