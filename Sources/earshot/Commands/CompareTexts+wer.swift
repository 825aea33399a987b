import ArgumentParser
import Foundation
import Transcripts

/// `earshot wer`: how much of a transcript is wrong.
struct MeasureErrors: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wer",
        abstract: "Count the wrong words of a transcript.",
        discussion: """
            The word error rate is the number of words to replace, put in or take out, per word of the true text. Case and punctuation do not
            count; Chinese, Japanese, Thai and their like are counted by characters. Text, JSON, SubRip (.srt) and WebVTT (.vtt) are understood.
            Exit code: 0 when the texts were compared, 1 when one cannot be read, 2 when the command was not understood.

            Examples:
              earshot wer truth.txt talk.json
              earshot transcribe talk.mp3 | earshot wer truth.txt -
              earshot wer truth.txt talk.srt --json
            """
    )

    @Argument(help: "The file with the true text; “-” for standard input.")
    var reference: String

    @Argument(help: "The file with the text to judge; “-” for standard input.")
    var hypothesis: String

    @Flag(help: "Write JSON.")
    var json = false

    func validate() throws {
        try ComparedText.check(reference, hypothesis)
    }

    func run() throws {
        let rate = WordErrorRate(reference: try ComparedText(reference).text, hypothesis: try ComparedText(hypothesis).text)
        guard !json else { return try ComparedText.print(json: Report(rate)) }
        let percent = String(format: "%.2f %%", rate.rate * 100)
        let counts = "\(rate.substitutions) replaced, \(rate.insertions) put in, \(rate.deletions) left out"
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
