import ModelLibrary
import Speech
import Synchronization
import SystemPackage
import TestSupport
import Testing
import Transcripts

@testable import Worker

/// The command line's run and the worker's preparation, both with the engine and the demo model.
@Suite("The command line and the worker find the same language in the same way", .serialized)
struct SameLanguageTests {
    private static let recordings = Recordings.short + Recordings.clips + [Recordings.named("long-en.wav")] + Recordings.speechless

    @Test("in every recording of the test set", arguments: [[], ["de", "en"], ["es"]])
    func language(allowed: [String]) async throws {
        let path = try ModelLibrary(folder: "/nowhere").model(named: "demo").path
        let pool = RecordingPool(RecognizerPool(model: try await WhisperModel.load(path: path), size: 2))
        var options = TranscriptionOptions()
        options.allowedLanguages = allowed.compactMap(Language.init(code:))
        // What is allowed matters most where blocks vote; all short recordings are recognized once.
        for recording in allowed.isEmpty ? Self.recordings : Recordings.clips {
            let run = try await commandLine(recording, options, pool)
            let job = try await worker(recording, options, pool)
            #expect(run == job, "\(recording)")
            if allowed.isEmpty { #expect(run.language?.code == recording.language, "\(recording)") }
        }
    }

    /// The language that was found, and the blocks that voted on it.
    private struct Decision: Equatable {
        var language: DetectedLanguage?
        var voters: [Int]
    }

    private func commandLine(_ recording: Recording, _ options: TranscriptionOptions, _ pool: RecordingPool) async throws -> Decision {
        pool.clear()
        var language: DetectedLanguage?
        try await Transcriber { pool }.transcribe(recording.path, options: options, threads: 1) { event in
            if case .language(let found) = event { language = found }
        }
        return Decision(language: language, voters: pool.voters)
    }

    private func worker(_ recording: Recording, _ options: TranscriptionOptions, _ pool: RecordingPool) async throws -> Decision {
        pool.clear()
        let log = PreparationLog(pool: pool)
        var blocks: [Block] = []
        var preparation = Preparation(log, finder: LanguageFinder(options, isMultilingual: pool.isMultilingual))
        let outcome = try await BlockReader(path: recording.path, options: options).read { event in
            if case .block(let block) = event { blocks.append(block) }
            try await preparation.handle(event)
        }
        try await preparation.finish(end: outcome.end)
        guard log.language == nil, let block = blocks.first else { return Decision(language: log.language, voters: pool.voters) }
        // A single block finds its language while it is recognized.
        #expect(blocks.count == 1)
        let recognition = RecognitionOptions(options, language: nil)
        let recognized = try await pool.recognize(block, options: recognition, threads: 1, expecting: 1)
        return Decision(language: recognized.segments.isEmpty ? nil : recognized.language, voters: pool.voters)
    }
}

/// A pool that writes down which blocks voted, by their starts.
private final class RecordingPool: BlockRecognizing {
    private let pool: RecognizerPool
    private let log = Mutex<[Int]>([])

    init(_ pool: RecognizerPool) { self.pool = pool }

    var size: Int { pool.size }
    var isMultilingual: Bool { pool.isMultilingual }
    var voters: [Int] { log.withLock(\.self) }

    func clear() { log.withLock { $0 = [] } }

    func check(_ options: TranscriptionOptions) throws { try pool.check(options) }

    func languageProbabilities(of block: Block, threads: Int?) async throws -> LanguageProbabilities {
        log.withLock { $0.append(block.start) }
        return try await pool.languageProbabilities(of: block, threads: threads)
    }

    func recognize(_ block: Block, options: RecognitionOptions, threads: Int?, expecting expected: Int) async throws -> RecognizedBlock {
        try await pool.recognize(block, options: options, threads: threads, expecting: expected)
    }
}
