import ArgumentParser
import Foundation
import Transcripts

/// `earshot diff`: what two transcripts say differently.
struct ShowDifferences: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Show the words in which two transcripts differ.",
        discussion: """
            Writes the whole text once, with [-what only the old one has-] and {+what only the new one has+}; at a terminal in red and green,
            unless NO_COLOR is set. Text, JSON, SubRip (.srt) and WebVTT (.vtt) are understood; times are not compared.
            Exit code: 0 when the words are the same, 1 when they differ, 2 when the command was not understood or a file cannot be read.

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

    @Flag(help: "Compare what is heard: leave case and punctuation out of account.")
    var spoken = false

    @Flag(help: "Write JSON.")
    var json = false

    func validate() throws {
        try ComparedText.check(old, new)
    }

    func run() throws {
        let difference = TextDifference(old: try text(of: old), new: try text(of: new), asSpoken: spoken)
        if json {
            try ComparedText.print(json: Report(difference))
        } else {
            let text = Self.hasColors ? difference.text(removed: Self.red, added: Self.green) : difference.markedText
            if !text.isEmpty { print(text) }
        }
        if !difference.isEmpty { throw ExitCode(1) }
    }

    /// 1 means that the texts differ, so a file that cannot be read is a misuse.
    private func text(of path: String) throws -> String {
        do {
            return try ComparedText(path).text
        } catch {
            throw ValidationError(error.description)
        }
    }

    private static let red = ("\u{1B}[31m\u{1B}[9m", "\u{1B}[0m")
    private static let green = ("\u{1B}[32m", "\u{1B}[0m")

    /// https://no-color.org: any value that is not empty switches colours off.
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
