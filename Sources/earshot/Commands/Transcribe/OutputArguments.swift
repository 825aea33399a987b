import ArgumentParser
import Foundation
import SystemPackage
import Transcripts

/// The options of `earshot transcribe` for the format and place of transcripts.
struct OutputArguments: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: "The format of the transcript; repeat the option for several formats. (default: txt)"
    )
    var format: [TranscriptFormat] = []

    @Option(name: .shortAndLong, help: "The file to write; a folder if it ends in “/”, and for several recordings or formats.")
    var output: String?

    @Flag(help: "Write one subtitle per segment, on one line, as the model divided the text.")
    var rawCaptions = false

    func check(severalFiles: Bool, watching: Bool) throws {
        let needsFolder = severalFiles || format.count > 1
        if needsFolder, let output, !output.hasSuffix("/"), !FilePath(output).isFolder {
            throw ValidationError("For several recordings or formats, --output must be a folder: end its name with “/”.")
        }
        if format.count > 1, output == nil, !watching { throw ValidationError("Use --output FOLDER/ for several formats.") }
        if format == [.docx], output == nil, !watching, isatty(STDOUT_FILENO) == 1 {
            throw ValidationError("A terminal cannot show a Word document. Use --output FILE.docx.")
        }
    }

    func writer() -> TranscriptWriter {
        TranscriptWriter(formats: format.isEmpty ? [.txt] : format, output: output, captions: rawCaptions ? nil : CaptionRules())
    }
}

extension TranscriptFormat: ExpressibleByArgument {}
