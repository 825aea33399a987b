import Archive
import ArgumentParser
import Basics

/// `earshot recordings lost`: lists the files that were set aside.
struct LostRecordingsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lost",
        abstract: "List the files that no recording names.",
        discussion: """
            Prints a line for each file: the day on which it was set aside, its size and its name.

            Examples:
              earshot recordings lost
              earshot recordings lost --json
            """
    )

    @Flag(help: "Print JSON.")
    var json = false

    private struct Shown: Encodable {
        let name: String
        let setAsideOn: String
        let sizeBytes: Int64
    }

    func run() async throws {
        try await ArchiveAccess.open { access in
            let files = try await access.archive.lostFiles.list()
            if json {
                try JSONOutput.print(files.map { Shown(name: $0.name, setAsideOn: $0.day, sizeBytes: $0.size) })
            } else {
                for file in files { print("\(file.day)  \(ByteCount.text(file.size))  \(file.name)") }
                if files.isEmpty { Terminal.say("No file was set aside.") }
            }
        }
    }
}
