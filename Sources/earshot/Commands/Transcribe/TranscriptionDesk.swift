import Audio
import Foundation
import ModelLibrary
import Speech
import SystemPackage
import Transcripts

/// A loaded model with everything that stays the same from file to file.
struct TranscriptionDesk {
    private let model: InstalledModel
    private let pool: RecognizerPool
    private let options: TranscriptionOptions
    private let threads: Int?
    private let maximumDuration: Duration?

    /// Loads the model, and takes as many recognizers as were measured to be best; measuring is the server's business, which has the time.
    init(model: InstalledModel, options: TranscriptionOptions, threads: Int?, settings: Settings) async throws {
        self.model = model
        self.options = options
        self.threads = threads ?? settings.threads
        maximumDuration = settings.maximumDuration
        let weights = try await WhisperModel.load(path: model.path, wordTiming: options.wordTimes)
        if let lanes = settings.lanes ?? self.threads.map({ max(1, Processors.available / $0) }) {
            pool = RecognizerPool(model: weights, size: lanes)
        } else {
            let kept = Calibration.keptPlan(modelPath: model.path, cache: settings.cacheFolder)
            // Until it is measured: one thread for each of several blocks waits for nobody.
            pool = RecognizerPool(model: weights, plan: kept ?? EnginePlan(recognizers: Processors.available, threads: 1))
        }
    }

    /// Transcribes one file.
    func transcribe(_ file: FilePath, showsProgress: Bool) async throws -> Transcript {
        let description = try await AudioProbe().describe(file)
        let stated = description.duration.map(Timestamp.init(milliseconds:))
        let wanted = [stated, options.end].compactMap(\.self).min().map { max(.zero, $0 - (options.start ?? .zero)) }
        var transcript = Transcript(language: options.language, duration: .zero, segments: [], model: model.name)
        transcript.isTranslation = options.translate
        var progress = showsProgress ? ProgressBar(title: file.lastComponent?.string ?? file.string, total: wanted) : nil
        defer { progress?.clear() }
        let events = Transcriber(pool: pool).transcribe(
            file,
            options: options,
            channels: options.separatesChannels ? max(1, description.channels) : 1,
            threads: threads,
            expectedDuration: stated,
            maximumDuration: maximumDuration
        )
        for try await event in events {
            switch event {
            case .language(let code, _): transcript.language = Language(code: code)
            case .progress(let position, _): progress?.show(max(.zero, position - (options.start ?? .zero)))
            case .block(let block):
                transcript.segments += block.segments
                transcript.removed += block.removed
            case .finished(let duration): transcript.duration = duration
            }
        }
        return transcript
    }
}
