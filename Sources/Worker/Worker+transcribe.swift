import Archive
import Audio
import Foundation
import Logging
import ModelLibrary
import Speech
import Transcripts

extension Worker {
    /// Transcribes a recording from where the last worker left it, committing block after block.
    func transcribe(_ job: Job) async throws {
        let transcription = try await archive.begin(job)
        let request = transcription.request
        Logger.current.info(
            "Transcribing",
            metadata: ["model": "\(request.model)", "from_ms": "\(transcription.storedUntil.milliseconds)"]
        )

        let engine = try await engines.engine(for: request.model)
        var options = RecognitionOptions()
        options.language = request.language ?? transcription.language
        options.translate = request.task == .translate
        options.prompt = request.prompt
        options.threads = settings.threads

        let clock = ContinuousClock()
        var language: String?
        var blockStarted = clock.now
        var lastNoted = clock.now
        let events = Transcriber(pool: engine).transcribe(
            archive.files.path(of: transcription.audioFile.storedFilename),
            options: options,
            expectedDuration: transcription.audioFile.duration,
            from: transcription.storedUntil,
            maximumDuration: settings.maximumDuration
        )
        for try await event in events {
            switch event {
            case .language(let code, _):
                language = code
            case .segment:
                // Shown when its block is committed: what is shown is never taken back.
                break
            case .progress(let position, _):
                guard clock.now - lastNoted >= .milliseconds(500) else { break }
                lastNoted = clock.now
                try await archive.note(job, heardUntil: position)
            case .block(let block):
                try await archive.append(
                    block.segments,
                    storedUntil: block.end,
                    // What was heard in a block without words was no language.
                    language: block.segments.isEmpty ? nil : language ?? options.language,
                    processing: clock.now - blockStarted,
                    to: job
                )
                blockStarted = clock.now
            case .finished(let duration):
                try await archive.complete(job, duration: duration, processing: clock.now - blockStarted)
                Logger.current.info("Transcribed", metadata: ["duration_ms": "\(duration.milliseconds)"])
            }
        }
        try Task.checkCancellation()
    }
}

extension TranscriptionFailure {
    /// What to tell the user about an error that another try would meet again; nil for errors that may pass.
    init?(final error: any Error) {
        switch error {
        case let error as AudioError:
            switch error {
            case .toolMissing, .timedOut: return nil
            default: self.init(code: error.code, message: error.description)
            }
        case let error as ModelLibraryError:
            self.init(code: "unknown_model", message: error.description)
        case SpeechError.modelUnreadable:
            self.init(code: "model_unreadable", message: "The model's file is damaged or of another kind.")
        default: return nil
        }
    }
}
