import Archive
import Foundation
import NIOCore
import Postgres
import SystemPackage
import TestSupport
import Testing
import Transcripts

/// An archive of a test's own: its tables in the test's database, its files in a folder that goes with it.
final class TestArchive: Sendable {
    let archive: Archive
    let database: Database
    private let folder: FilePath

    /// - Parameters:
    ///   - reserve: What must stay free on the disk, in bytes.
    ///   - prepareAhead: How much sound may wait to be recognized.
    init(reserve: Int64 = 256 << 20, prepareAhead: Timestamp? = nil) throws {
        folder = FilePath(NSTemporaryDirectory()).appending("archive-" + UUID().uuidString)
        database = Database(FreshDatabase.conninfo, connections: 4)
        archive = Archive(database: database, folder: try RecordingFolder(folder, reserve: reserve, prepareAhead: prepareAhead))
        // A folder without a marker counts as one whose volume is not mounted.
        try Data("test\n".utf8).write(to: URL(filePath: folder.appending(".earshot-identity").string))
    }

    deinit { try? FileManager.default.removeItem(atPath: folder.string) }

    /// Housekeeping that no test depends on the limits of unless it sets them.
    func housekeeping(eventsKept: Int = 1000, lostFilesKept: Duration? = nil) -> Housekeeping {
        archive.housekeeping(uploadLifetime: .seconds(60), eventsKept: eventsKept, lostFilesKept: lostFilesKept)
    }

    /// The names of the files in the folder of recordings, without its marker and the lost files.
    var storedFiles: [String] {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: folder.string).filter { $0 != ".earshot-identity" && $0 != "lost" }
        }
    }

    /// The path of a file in the folder of recordings.
    func path(_ name: String) -> FilePath { folder.appending(name) }

    /// Receives a small upload.
    func receive(_ text: String = "sound") async throws -> ReceivedFile {
        var pieces = [ByteBuffer(string: text)][...]
        return try await archive.recordings.folder.receive(limit: nil) { pieces.popFirst() }
    }

    /// Accepts a small upload; the same sound is the same file.
    func accept(
        _ sound: String = "sound",
        filename: String = "talk.wav",
        duration: Timestamp? = Timestamp(milliseconds: 60_000),
        channels: Int = 1,
        options: TranscriptionOptions = TranscriptionOptions()
    ) async throws -> Transcription {
        try await archive.recordings.accept(
            receive(sound),
            filename: filename,
            mediaType: "audio/wav",
            duration: duration,
            channels: channels,
            request: TranscriptionRequest(model: "demo", options: options),
            wantsDuplicate: true
        ).transcription
    }

    /// Takes the next job of some kinds for half a minute.
    func take(_ kinds: Job.Kind..., worker: String = "w") async throws -> Job {
        try #require(try await archive.queue.take(kinds.isEmpty ? Job.Kind.allCases : kinds, worker: worker, lease: .seconds(30)))
    }

    /// Accepts a recording of a minute and prepares it in blocks of twenty seconds.
    func prepare(blocks: Int = 3, options: TranscriptionOptions = TranscriptionOptions()) async throws -> UUID {
        let length = blocks * 20_000
        let id = try await accept(duration: Timestamp(milliseconds: length), options: options).id
        let job = try await take(.prepare)
        _ = try await archive.queue.begin(job)
        let cut = (0..<blocks).map { StoredBlock(from: $0 * 20_000, to: ($0 + 1) * 20_000) }
        let end = Timestamp(milliseconds: length)
        try await archive.blocks.append(cut, preparedUntil: end, spooledUntil: end, to: job)
        try await archive.blocks.prepared(job, until: end, duration: end)
        return id
    }

    /// Does the next block, which hears these texts a second apart.
    @discardableResult
    func hear(_ texts: String..., removed: [RemovedSegment] = [], language: String = "en", as job: Job? = nil) async throws -> Job {
        try await hear(texts, removed: removed, language: language, as: job)
    }

    /// Does the next block, which hears these texts a second apart.
    @discardableResult
    func hear(_ texts: [String], removed: [RemovedSegment] = [], language: String = "en", as job: Job? = nil) async throws -> Job {
        let taken: Job
        if let job { taken = job } else { taken = try await take(.block) }
        let block = try await archive.blocks.block(of: taken)
        let segments = texts.enumerated().map { index, text in
            Segment(from: block.start.milliseconds + index * 1000, to: block.start.milliseconds + (index + 1) * 1000, text)
        }
        try await archive.blocks.complete(
            taken,
            segments: segments,
            removed: removed,
            language: DetectedLanguage(code: language),
            processing: .milliseconds(10)
        )
        return taken
    }

    /// A completed transcription of a recording in which these texts are said.
    func transcribed(_ texts: [String], language: String) async throws -> UUID {
        let id = try await prepare(blocks: 1)
        try await hear(texts, language: language)
        try await archive.queue.finish(take(.finish))
        return id
    }

    /// A completed transcription of a recording in which this text is said.
    func transcribed(_ text: String, language: String) async throws -> UUID {
        try await transcribed([text], language: language)
    }

    /// Searches with limits that no test meets unless it wants to.
    func search(
        _ query: String,
        in scope: SearchScope = SearchScope(),
        from position: SearchPosition = SearchPosition(),
        limit: Int = 50,
        timeLimit: Duration = .seconds(60)
    ) async throws -> SearchPage {
        try await archive.search.search(SearchQuery(query), in: scope, from: position, limit: limit, timeLimit: timeLimit)
    }

    /// What the archive knows of a transcription now.
    func current(_ id: UUID) async throws -> Transcription {
        try #require(try await archive.library.find(id))
    }
}

extension Trait where Self == FreshDatabase {
    /// A database with the archive's tables for each test.
    static var archiveDatabase: Self {
        .freshDatabase(template: "archive") { conninfo in
            let database = Database(conninfo, connections: 1)
            try await Archive.migrate(database)
            await database.close()
        }
    }
}

extension Segment {
    /// A segment of a test.
    init(from start: Int, to end: Int, _ text: String) {
        self.init(
            start: Timestamp(milliseconds: start),
            end: Timestamp(milliseconds: end),
            text: text,
            averageLogProbability: -0.25,
            noSpeechProbability: nil,
            words: nil
        )
    }
}

extension StoredBlock {
    /// A block of a test, from and to milliseconds.
    init(from start: Int, to end: Int, channel: Int = 0) {
        self.init(channel: channel, start: Timestamp(milliseconds: start), end: Timestamp(milliseconds: end))
    }
}
