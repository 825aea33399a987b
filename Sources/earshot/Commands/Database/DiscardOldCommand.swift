import Archive
import ArgumentParser

/// `earshot database discard-old`: removes what restored backups have replaced.
struct DiscardOldCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "discard-old",
        abstract: "Remove for good what “earshot database restore” has replaced.",
        discussion: """
            Example:
              earshot database discard-old
            """
    )

    func run() async throws {
        try await ArchiveAccess.open { access in
            let removed = try await OldStates(database: access.database, folder: access.archive.recordings.folder).removeAll()
            for name in removed { print("Removed \(name)") }
            if removed.isEmpty { Terminal.say("No restore has replaced anything.") }
        }
    }
}
