import Archive
import ArgumentParser
import Foundation
import ModelLibrary
import Server

/// `earshot recordings take-back`: makes recordings of files that were set aside.
struct TakeBackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "take-back",
        abstract: "Make recordings of lost files again, and queue their transcription.",
        discussion: """
            Each file becomes a new recording with the name that it has on the disk; its transcription uses the default model. A file that \
            can't be read as audio stays where it is.
            Exit code: 0 if all files were taken back, 1 if one was not, 2 if the command line is invalid.

            Examples:
              earshot recordings take-back --all
              earshot recordings take-back 3f0c9a4e-5d0f-4a35-9d0c-0b1f6f8f5a11.mp3
            """
    )

    @Argument(help: "Names that “earshot recordings lost” prints.")
    var names: [String] = []

    @Flag(help: "Take all of them back.")
    var all = false

    func validate() throws {
        guard all != names.isEmpty else { return }
        throw ValidationError(all ? "Give either names or --all." : "Name the files, or give --all.")
    }

    func run() async throws {
        try await ArchiveAccess.open { access in
            let files = try await access.archive.lostFiles.list().filter { all || names.contains($0.name) }
            for name in names where !files.contains(where: { $0.name == name }) {
                throw ValidationError("No lost file is named “\(name)”. “earshot recordings lost” lists them.")
            }
            let lost = LostRecordings(
                archive: access.archive,
                models: ModelLibrary(folder: access.settings.modelFolder, preferred: access.settings.model),
                settings: access.serverSettings
            )
            var failures = 0
            for file in files {
                do {
                    let transcription = try await lost.takeBack(file)
                    print("\(file.name): taken back as transcription \(transcription.id.uuidString.lowercased())")
                } catch {
                    failures += 1
                    Terminal.say("\(file.name): \(CommandError.explanation(of: error))")
                }
            }
            if failures > 0 { throw ExitCode(1) }
        }
    }
}
