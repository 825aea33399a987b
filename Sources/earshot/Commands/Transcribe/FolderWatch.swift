import Foundation
import SystemPackage

/// Transcribes every recording that appears in a folder.
///
/// The folder is polled, because file system notifications do not work on network drives. Recordings that have their transcripts are
/// skipped, and a file is transcribed only once it has stopped growing.
struct FolderWatch {
    private struct Sighting: Equatable {
        let size: Int64
        let modified: Date
    }

    private let folder: FilePath
    private let writer: TranscriptWriter
    private let interval: Duration

    init(folder: FilePath, writer: TranscriptWriter, interval: Duration = .seconds(1)) {
        self.folder = folder
        self.writer = writer.besideRecordings(in: folder)
        self.interval = interval
    }

    /// Polls the folder until the task is cancelled.
    ///
    /// - Parameter transcribe: Transcribes a recording and writes the transcript under a name.
    func run(_ transcribe: (InputFile, FilePath, TranscriptWriter) async throws -> Void) async throws {
        guard folder.isFolder else { throw CommandError("The folder \(folder) does not exist.") }
        Terminal.say("Watching \(folder) for recordings. Press Ctrl-C to stop.")
        var seen: [FilePath: Sighting] = [:]
        var failed: [FilePath: Sighting] = [:]
        var written: [FilePath: FilePath] = [:]
        var skipped: Set<FilePath> = []
        while !Task.isCancelled {
            var current: [FilePath: Sighting] = [:]
            let found = InputFiles.recordings(in: folder)
            for link in found.links where skipped.insert(link).inserted {
                Terminal.say("\(link): skipped, because the link leads out of \(folder)")
            }
            let names = TranscriptNames(of: found.files)
            for file in found.files {
                let name = names.name(of: file)
                // The name changes when a recording of the same stem arrives or leaves; what this run wrote stays the transcript.
                let known = [name, names.nameWithEnding(of: file), written[file.path]].compactMap(\.self)
                guard !known.contains(where: writer.hasWritten), let sighting = Self.look(at: file.path) else { continue }
                current[file.path] = sighting
                // A file that changed since the last look may still be written; a file that failed is retried only after a change.
                guard sighting.size > 0, seen[file.path] == sighting, failed[file.path] != sighting else { continue }
                do {
                    try await transcribe(file, name, writer)
                    written[file.path] = name
                    Terminal.say("\(file.path): done")
                } catch let error where !(error is CancellationError) {
                    failed[file.path] = sighting
                    Terminal.say("\(file.path): \(CommandError.explanation(of: error))")
                }
            }
            seen = current
            try await Task.sleep(for: interval)
        }
    }

    private static func look(at file: FilePath) -> Sighting? {
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: file.string) else { return nil }
        guard let size = attributes[.size] as? NSNumber, let modified = attributes[.modificationDate] as? Date else { return nil }
        return Sighting(size: size.int64Value, modified: modified)
    }
}
