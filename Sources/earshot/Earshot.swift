import ArgumentParser
import Foundation

@main
struct Main {
    /// Runs the command line: exit code 0 when all went well, 1 when something failed, 2 when the command was not understood.
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
            if !message.isEmpty { FileHandle.standardError.write(Data((message + "\n").utf8)) }
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
              earshot serve --all                           everything: website, API, worker, database
              earshot transcribe talk.mp3                   the text, to the terminal
              earshot transcribe talk.mp3 --format srt      subtitles
              earshot models download base                  a model that knows people's voices
              earshot wer said.txt heard.txt                how much of a transcript is wrong

            Settings come from the environment and from a file .env in the current folder; see the README.
            """,
        version: version,
        subcommands: [
            Transcribe.self, Models.self, MeasureErrors.self, ShowDifferences.self, Serve.self, Work.self, Web.self, Health.self,
            SelfTest.self,
        ]
    )
}
