import Archive
import ArgumentParser

/// `earshot recordings adopt`: gives the folder of recordings to the database.
struct AdoptCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "adopt",
        abstract: "Use the folder of recordings with this database, whatever it belonged to before.",
        discussion: """
            Earshot refuses to start with a folder that belongs to another database. Use this if DATABASE_URL and UPLOAD_DIR are right \
            nevertheless. The next start sets the files that the database does not know aside; “earshot recordings lost” lists them.

            Example:
              earshot recordings adopt
            """
    )

    func run() async throws {
        try await ArchiveAccess.open { access in
            try await access.archive.identity.adopt()
            print("\(access.settings.uploadFolder) belongs to this database now.")
        }
    }
}
