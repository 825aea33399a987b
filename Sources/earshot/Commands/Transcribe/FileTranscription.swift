import Audio
import Foundation
import ModelLibrary
import Speech
import SystemPackage
import Transcripts

/// Transcribes files, one after another, with one model and the same options.
struct FileTranscription {
    private let model: InstalledModel
    /// A task, so that the first file is decoded while the model is loaded.
    private let pool: Task<RecognizerPool, any Error>
    private let options: TranscriptionOptions
    private let threads: Int?
    private let maximumDuration: Duration?

    /// Starts to load the model, with the number of recognizers that a worker's calibration found best.
    init(model: InstalledModel, options: TranscriptionOptions, threads: Int?, settings: Settings) {
        self.model = model
        self.options = options
        let threads = threads ?? settings.threads
        self.threads = threads
        maximumDuration = settings.maximumDuration
        pool = Task {
            let weights = try await WhisperModel.load(path: model.path, wordTiming: options.wordTimes)
            if let lanes = settings.lanes ?? threads.map({ max(1, Processors.available / $0) }) {
                return RecognizerPool(model: weights, size: lanes)
            }
            let kept = Calibration.keptPlan(modelPath: model.path, cache: settings.cacheFolder)
            // Without a calibration: recognizers of one thread never wait for one another.
            return RecognizerPool(model: weights, plan: kept ?? EnginePlan(recognizers: Processors.available, threads: 1))
        }
    }

    /// Transcribes one file.
    func transcribe(_ file: FilePath, showsProgress: Bool) async throws -> Transcript {
        var progress = showsProgress ? ProgressBar(title: file.lastComponent?.string ?? file.string) : nil
        defer { progress?.clear() }
        // ffprobe takes a tenth of a second, so it runs only if its answer is needed: the number of channels, or the length to show.
        let isProbed = options.separatesChannels || progress != nil
        let probing = Task { isProbed ? try await AudioProbe().describe(file) : nil }
        defer { probing.cancel() }
        do {
            let channels = options.separatesChannels ? max(1, try await probing.value?.channels ?? 1) : 1
            var transcript = Transcript(language: options.language, duration: .zero, segments: [], model: model.name)
            transcript.isTranslation = options.translate
            let transcriber = Transcriber { [pool] in try await pool.value }
            try await transcriber.transcribe(
                file,
                options: options,
                channels: channels,
                threads: threads,
                maximumDuration: maximumDuration
            ) { event in
                switch event {
                case .language(let found): transcript.language = found.language
                case .progress(let position):
                    guard progress != nil else { return }
                    progress?.total = try await probing.value.flatMap(wanted)
                    progress?.show(max(.zero, position - (options.start ?? .zero)))
                case .block(let block):
                    transcript.segments += block.segments
                    transcript.removed += block.removed
                case .damaged(let reason):
                    progress?.clear()
                    Terminal.say("\(file): warning: the file is damaged and was transcribed as far as it can be read: \(reason)")
                case .finished(let duration): transcript.duration = duration
                }
            }
            return transcript
        } catch let error as AudioError {
            // ffprobe often explains better why a file can't be decoded.
            if !isProbed { _ = try await AudioProbe().describe(file) }
            _ = try await probing.value
            throw error
        }
    }

    /// The length of the part to transcribe; nil if the length of the recording is unknown.
    private func wanted(of description: AudioDescription) -> Timestamp? {
        let stated = description.duration.map(Timestamp.init(milliseconds:))
        return [stated, options.end].compactMap(\.self).min().map { max(.zero, $0 - (options.start ?? .zero)) }
    }
}
