import ArgumentParser
import Foundation
import Transcripts

/// `earshot wer`: the word error rate of a transcript.
struct WordErrorRateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wer",
        abstract: "Measure the word error rate of a transcript.",
        discussion: """
            The word error rate is the number of replaced, inserted and deleted words, divided by the number of words in the reference. Case and \
            punctuation are ignored. Chinese, Japanese, Thai and similar scripts are compared by characters. Reads text, JSON, SubRip (.srt) and \
            WebVTT (.vtt).
            Exit code: 0 if the texts were compared, 1 if a file cannot be read, 2 if the command line is invalid.

            Examples:
              earshot wer reference.txt hypothesis.json
              earshot transcribe talk.mp3 | earshot wer reference.txt -
              earshot wer reference.txt hypothesis.srt --json
            """
    )

    @Argument(help: "The file with the correct text; “-” for standard input.")
    var reference: String

    @Argument(help: "The file with the text to measure; “-” for standard input.")
    var hypothesis: String

    @Flag(help: "Write JSON.")
    var json = false

    func validate() throws {
        try ComparedText.check(reference, hypothesis)
    }

    func run() throws {
        let rate = WordErrorRate(reference: try ComparedText(reference).text, hypothesis: try ComparedText(hypothesis).text)
        guard !json else { return try JSONOutput.print(Report(rate)) }
        let percent = String(format: "%.2f %%", rate.rate * 100)
        let counts = "\(rate.substitutions) replaced, \(rate.insertions) inserted, \(rate.deletions) deleted"
        print("Word error rate \(percent): \(rate.errors) of \(rate.words) words (\(counts))")
    }

    private struct Report: Encodable {
        let rate: Double
        let errors, substitutions, insertions, deletions, words: Int

        init(_ result: WordErrorRate) {
            rate = result.rate
            errors = result.errors
            substitutions = result.substitutions
            insertions = result.insertions
            deletions = result.deletions
            words = result.words
        }
    }
}
