import ArgumentParser
import Foundation

@main
struct Main {
    /// Runs the command line; the exit code is 0 on success, 1 on failure, and 2 if the command line is invalid.
    static func main() async {
        do {
            var command = try Earshot.parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            let code = Earshot.exitCode(for: error)
            let message = Earshot.fullMessage(for: error)
            guard code != .success else {
                print(message)
                exit(0)
            }
            if !message.isEmpty { Terminal.say(message) }
            exit(code == .validationFailure ? 2 : 1)
        }
    }
}

/// `earshot`, the root of all commands.
struct Earshot: AsyncParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "earshot",
        abstract: "Speech to text on your own machine.",
        discussion: """
            Examples:
              earshot serve --all                       run website, API, worker, database
              earshot transcribe talk.mp3               print the text of a recording
              earshot transcribe talk.mp3 --format srt  print subtitles
              earshot models download base              download a speech model
              earshot wer reference.txt hypothesis.txt  measure the word error rate

            Settings come from the environment and from the file .env in the data folder; “earshot settings” lists them.
            """,
        version: version,
        subcommands: [
            TranscribeCommand.self, ModelsCommand.self, WordErrorRateCommand.self, DiffCommand.self, ServeCommand.self, WorkerCommand.self,
            WebCommand.self, RecordingsCommand.self, DatabaseCommand.self, HealthCommand.self, SettingsCommand.self, SelfTestCommand.self,
        ]
    )

    @Option(help: "The file with settings, before the command. (default: EARSHOT_ENV_FILE, or .env in the data folder)")
    var envFile: String?

    func validate() {
        if let envFile { SettingsFile.choose(envFile) }
    }
}
