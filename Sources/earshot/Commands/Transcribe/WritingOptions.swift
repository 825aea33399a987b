import ArgumentParser
import Foundation
import SystemPackage
import Transcripts

/// The options of `earshot transcribe` that say where the transcript goes, and in which form.
struct WritingOptions: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: """
            How to write the transcript, several times for several files: \(TranscriptFormat.allCases.map(\.rawValue).joined(separator: ", ")). \
            (default: txt)
            """
    )
    var format: [TranscriptFormat] = []

    @Option(name: .shortAndLong, help: "The file to write to; with several files or formats, or if it ends in “/”, the folder.")
    var output: String?

    @Flag(help: "Subtitles as the model cut them: one for each segment, in one line.")
    var rawCaptions = false

    func check(severalFiles: Bool, watching: Bool) throws {
        let needsFolder = severalFiles || format.count > 1
        if needsFolder, let output, !output.hasSuffix("/"), !FilePath(output).isFolder {
            throw ValidationError("With several files or formats --output is a folder: add “/” to its name.")
        }
        if format.count > 1, output == nil, !watching { throw ValidationError("Several formats need --output FOLDER/.") }
        if format == [.docx], output == nil, !watching, isatty(STDOUT_FILENO) == 1 {
            throw ValidationError("A Word document is nothing for a terminal: add --output FILE.docx.")
        }
    }

    func writer() -> TranscriptWriter {
        TranscriptWriter(formats: format.isEmpty ? [.txt] : format, output: output, captions: rawCaptions ? nil : CaptionRules())
    }
}

/// Writes transcripts to standard output, to one file, or beside each other into a folder.
struct TranscriptWriter {
    let formats: [TranscriptFormat]
    let output: String?
    /// nil for a caption for each segment.
    let captions: CaptionRules?

    /// Writes a file's transcript in every format.
    func write(_ transcript: Transcript, of file: FilePath) throws {
        for format in formats {
            let data = format.data(of: transcript, title: file.stem, captions: captions)
            guard let path = path(for: file, format: format) else {
                try FileHandle.standardOutput.write(contentsOf: data)
                continue
            }
            try FileManager.default.createDirectory(atPath: path.removingLastComponent().string, withIntermediateDirectories: true)
            try data.write(to: URL(filePath: path.string), options: .atomic)
        }
    }

    /// Where a transcript goes; nil for standard output.
    func path(for file: FilePath, format: TranscriptFormat) -> FilePath? {
        guard let output else { return nil }
        let path = FilePath(output)
        guard output.hasSuffix("/") || path.isFolder || formats.count > 1 else { return path.absolute }
        return path.absolute.appending("\(file.stem ?? "transcript").\(format.fileExtension)")
    }

    /// The same, but beside the recordings unless told otherwise.
    func besideRecordings(in folder: FilePath) -> TranscriptWriter {
        TranscriptWriter(formats: formats, output: output ?? folder.string + "/", captions: captions)
    }
}

extension TranscriptFormat: ExpressibleByArgument {}
