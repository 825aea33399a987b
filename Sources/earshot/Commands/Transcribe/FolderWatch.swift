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
    func run(_ transcribe: (FilePath, TranscriptWriter) async throws -> Void) async throws {
        guard folder.isFolder else { throw CommandError("The folder \(folder) does not exist.") }
        Terminal.say("Watching \(folder) for recordings. Press Ctrl-C to stop.")
        var seen: [FilePath: Sighting] = [:]
        var failed: [FilePath: Sighting] = [:]
        while !Task.isCancelled {
            var current: [FilePath: Sighting] = [:]
            for file in InputFiles.recordings(in: folder) where !isTranscribed(file) {
                guard let sighting = Self.look(at: file) else { continue }
                current[file] = sighting
                // A file that changed since the last look may still be written; a file that failed is retried only after a change.
                guard sighting.size > 0, seen[file] == sighting, failed[file] != sighting else { continue }
                do {
                    try await transcribe(file, writer)
                    Terminal.say("\(file): done")
                } catch let error where !(error is CancellationError) {
                    failed[file] = sighting
                    Terminal.say("\(file): \(CommandError.explanation(of: error))")
                }
            }
            seen = current
            try await Task.sleep(for: interval)
        }
    }

    private func isTranscribed(_ file: FilePath) -> Bool {
        writer.formats.allSatisfy { format in
            writer.path(for: file, format: format).map { FileManager.default.fileExists(atPath: $0.string) } ?? false
        }
    }

    private static func look(at file: FilePath) -> Sighting? {
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: file.string) else { return nil }
        guard let size = attributes[.size] as? NSNumber, let modified = attributes[.modificationDate] as? Date else { return nil }
        return Sighting(size: size.int64Value, modified: modified)
    }
}
