import ArgumentParser
import Foundation
import Transcripts

/// `earshot diff`: the differences between two transcripts.
struct DiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Show the words in which two transcripts differ.",
        discussion: """
            Prints the whole text once. Words that only the old text has are shown as [-removed-], words that only the new text has as \
            {+added+}; on a terminal in red and green, unless NO_COLOR is set. Reads text, JSON, SubRip (.srt) and WebVTT (.vtt); times are \
            not compared.
            Exit code: 0 if the words are the same, 1 if they differ, 2 if the command line is invalid or a file cannot be read.

            Examples:
              earshot diff tiny.txt large.txt
              earshot diff before.srt after.json --spoken
              earshot diff before.txt after.txt --json
            """
    )

    @Argument(help: "The file with the old text; “-” for standard input.")
    var old: String

    @Argument(help: "The file with the new text; “-” for standard input.")
    var new: String

    @Flag(help: "Compare only what is spoken: ignore case and punctuation.")
    var spoken = false

    @Flag(help: "Write JSON.")
    var json = false

    func validate() throws {
        try ComparedText.check(old, new)
    }

    func run() throws {
        let difference = TextDifference(old: try text(of: old), new: try text(of: new), asSpoken: spoken)
        if json {
            try JSONOutput.print(Report(difference))
        } else {
            let text = Self.hasColors ? difference.text(removed: Self.red, added: Self.green) : difference.markedText
            if !text.isEmpty { print(text) }
        }
        if !difference.isEmpty { throw ExitCode(1) }
    }

    /// Exit code 1 means that the texts differ, so an unreadable file ends the command with 2.
    private func text(of path: String) throws -> String {
        do {
            return try ComparedText(path).text
        } catch {
            throw ValidationError(error.description)
        }
    }

    private static let red = ("\u{1B}[31m\u{1B}[9m", "\u{1B}[0m")
    private static let green = ("\u{1B}[32m", "\u{1B}[0m")

    /// https://no-color.org: any value that is not empty turns colors off.
    private static var hasColors: Bool {
        isatty(FileHandle.standardOutput.fileDescriptor) == 1 && ProcessInfo.processInfo.environment["NO_COLOR", default: ""].isEmpty
    }

    private struct Report: Encodable {
        let equal: Bool
        let oldWords, newWords: Int
        let parts: [TextDifference.Part]

        init(_ difference: TextDifference) {
            equal = difference.isEmpty
            oldWords = difference.oldWords
            newWords = difference.newWords
            parts = difference.parts
        }
    }
}
