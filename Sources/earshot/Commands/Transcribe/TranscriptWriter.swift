import Foundation
import SystemPackage
import Transcripts

/// Writes transcripts to standard output, to one file, or to files in a folder.
struct TranscriptWriter {
    let formats: [TranscriptFormat]
    let output: String?
    /// The rules for captions; nil for one caption per segment.
    let captions: CaptionRules?

    /// Writes the transcript of a recording in every format.
    ///
    /// - Parameter name: The path of the transcript below the folder, without ending.
    func write(_ transcript: Transcript, of file: InputFile, as name: FilePath) throws {
        for format in formats {
            let data = format.data(of: transcript, title: file.name.stem, captions: captions)
            guard let path = path(named: name, format: format) else {
                try FileHandle.standardOutput.write(contentsOf: data)
                continue
            }
            try FileManager.default.createDirectory(atPath: path.removingLastComponent().string, withIntermediateDirectories: true)
            try data.write(to: URL(filePath: path.string), options: .atomic)
        }
    }

    /// Whether the transcript of this name exists in every format.
    func hasWritten(_ name: FilePath) -> Bool {
        formats.allSatisfy { format in
            path(named: name, format: format).map { FileManager.default.fileExists(atPath: $0.string) } ?? false
        }
    }

    /// The path of a transcript; nil for standard output.
    private func path(named name: FilePath, format: TranscriptFormat) -> FilePath? {
        guard let output else { return nil }
        let path = FilePath(output)
        guard output.hasSuffix("/") || path.isFolder || formats.count > 1 else { return path.absolute }
        return path.absolute.appending("\(name).\(format.fileExtension)")
    }

    /// The same writer, which writes beside the recordings if `--output` is missing.
    func besideRecordings(in folder: FilePath) -> TranscriptWriter {
        TranscriptWriter(formats: formats, output: output ?? folder.string + "/", captions: captions)
    }
}
