import ModelLibrary
import Speech
import SystemPackage
import TestSupport
import Testing
import Transcripts

/// The engine with the demo model, loaded once for all tests, and its transcriptions of the recordings.
///
/// One thread for each of two recognizers suits a machine with two cores best, on which the tests run side by side.
actor DemoEngine {
    static let shared = DemoEngine()
    static let options = RecognitionOptions()

    private var pooling: Task<RecognizerPool, any Error>?
    private var transcribing: [Recording: Task<TranscriptionResult, any Error>] = [:]

    static func modelPath() throws -> FilePath {
        try ModelLibrary(folder: "/nowhere").model(named: "demo").path
    }

    /// A pool of two recognizers that all tests share.
    func pool() async throws -> RecognizerPool {
        let task = pooling ?? Task { try await Self.newPool(size: 2) }
        pooling = task
        return try await task.value
    }

    /// A pool of a test's own.
    static func newPool(size: Int) async throws -> RecognizerPool {
        RecognizerPool(model: try await WhisperModel.load(path: modelPath()), size: size)
    }

    /// The transcription of a recording, made at the first call.
    func result(_ recording: Recording) async throws -> TranscriptionResult {
        let task = transcribing[recording] ?? Task { try await TranscriptionResult(recording.path, pool: self.pool()) }
        transcribing[recording] = task
        return try await task.value
    }
}

/// The events of a transcription, sorted.
struct TranscriptionResult: Equatable {
    var languages: [String] = []
    var blocks: [CompletedBlock] = []
    var positions: [Timestamp] = []
    var duration: Timestamp?

    var segments: [Segment] { blocks.flatMap(\.segments) }
    var text: String { segments.map(\.text).joined(separator: " ") }

    init(
        _ path: FilePath,
        pool: RecognizerPool,
        options: TranscriptionOptions = TranscriptionOptions(),
        channels: Int = 1,
        maximumDuration: Duration? = nil
    ) async throws {
        let transcriber = Transcriber { pool }
        try await transcriber.transcribe(
            path,
            options: options,
            channels: channels,
            threads: 1,
            maximumDuration: maximumDuration
        ) { event in
            switch event {
            case .language(let found): languages.append(found.code)
            case .progress(let position): positions.append(position)
            case .block(let block): blocks.append(block)
            case .damaged: break
            case .finished(let duration): self.duration = duration
            }
        }
    }
}
