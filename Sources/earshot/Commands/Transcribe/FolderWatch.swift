import Foundation
import SystemPackage

/// Has every recording transcribed that is put into a folder.
///
/// It looks rather than being told, because that works on every file system, network drives included. What already has its transcripts is
/// left alone, and a file is only taken once it has stopped growing.
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

    /// Looks until cancelled; `transcribe` need not write anything.
    func run(_ transcribe: (FilePath, TranscriptWriter) async throws -> Void) async throws {
        guard folder.isFolder else { throw WatchError(folder: folder) }
        Terminal.say("Watching \(folder) for recordings; Ctrl-C ends it.")
        var seen: [FilePath: Sighting] = [:]
        var failed: [FilePath: Sighting] = [:]
        while !Task.isCancelled {
            var current: [FilePath: Sighting] = [:]
            for file in InputFiles.recordings(in: folder) where !isTranscribed(file) {
                guard let sighting = Self.look(at: file) else { continue }
                current[file] = sighting
                // Only what looks as it did a moment ago is whole; what failed must change before it is tried again.
                guard sighting.size > 0, seen[file] == sighting, failed[file] != sighting else { continue }
                do {
                    try await transcribe(file, writer)
                    Terminal.say("\(file): done")
                } catch let error where !(error is CancellationError) {
                    failed[file] = sighting
                    Terminal.say("\(file): \(Transcribe.explain(error))")
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

/// There is no folder to watch.
struct WatchError: Error, CustomStringConvertible {
    let folder: FilePath

    var description: String { "There is no folder \(folder)." }
}
