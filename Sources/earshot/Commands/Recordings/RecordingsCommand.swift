import ArgumentParser

/// `earshot recordings`: what became of files in the folder of recordings.
struct RecordingsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recordings",
        abstract: "List lost files of recordings, take them back, or adopt a folder.",
        discussion: """
            A file in the folder of recordings that no recording names is never deleted at once: the next start sets it aside in the folder \
            “lost”, where it stays for LOST_FILES_DAYS days.

            Examples:
              earshot recordings lost               list the files that were set aside
              earshot recordings take-back --all    make recordings of them again
              earshot recordings adopt              use a folder that belonged to another database
            """,
        subcommands: [LostRecordingsCommand.self, TakeBackCommand.self, AdoptCommand.self]
    )
}
