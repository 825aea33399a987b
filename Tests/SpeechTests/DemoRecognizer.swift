import Audio
import Foundation
import Speech
import SystemPackage
import TestSupport
import Transcripts

/// Recognizers with the demo model, and sound for them, without anything between the two.
enum DemoRecognizer {
    /// A recognizer of a test's own, which has not worked on anything yet.
    static func make(wordTiming: Bool = false) async throws -> Recognizer {
        Recognizer(model: try await WhisperModel.load(path: DemoEngine.modelPath(), wordTiming: wordTiming))
    }

    /// The samples of a recording.
    static func samples(_ name: String) async throws -> [Float] {
        var all: [Float] = []
        try await AudioDecoder(path: Recordings.path(name)).decode { all += $0 }
        return all
    }

    /// The whole of a short recording as one block.
    static func block(_ name: String, start: Int = 0, speech: Double? = nil) async throws -> Block {
        Block(start: start, samples: try await samples(name), speech: speech)
    }
}

extension Recognizer {
    /// Recognizes a block with one thread.
    func recognize(_ block: Block, options: RecognitionOptions) throws -> RecognizedBlock {
        try recognize(block, options: options, threads: 1)
    }
}

extension RecognizedBlock {
    /// Everything that was said.
    var text: String { segments.map(\.text).joined(separator: " ") }
}
