import Archive
import Audio
import Foundation
import Logging
import ModelLibrary
import Speech
import Transcripts

extension Worker {
    /// Recognises one block of a recording and commits its segments.
    func recognise(_ job: Job) async throws {
        let transcription = try await queue.begin(job)
        let stored = try await blocks.block(of: job)
        guard let block = try await sound(of: stored, in: transcription) else {
            Logger.current.notice("The block's sound is not there; the recording is decoded again")
            return try await blocks.prepareAgain(job)
        }
        let options = RecognitionOptions(
            transcription.request.options,
            language: transcription.language.flatMap(Language.init(code:)),
            threads: settings.threads
        )
        // A recording of more than one block has others that will be recognised at the same time.
        let isOne = (transcription.wantedDuration ?? .zero) <= Timestamp(milliseconds: 28_000)
        let (recognized, processing) = try await engines.withEngine(for: transcription.request) { engine in
            // The engine may have room for more blocks than this one.
            room.signal()
            return try await engine.pool.withRecognizer(expecting: isOne ? 1 : engine.pool.size) { recognizer in
                let clock = ContinuousClock()
                let began = clock.now
                let recognized = try await recognizer.recognize(block, options: options)
                return (recognized, clock.now - began)
            }
        }
        Logger.current.debug(
            "Recognised",
            metadata: ["start_ms": "\(stored.start.milliseconds)", "segments": "\(recognized.segments.count)", "took": "\(processing)"]
        )
        let speaker = transcription.channels > 1 ? "Speaker \(stored.channel + 1)" : nil
        try await blocks.complete(
            job,
            segments: recognized.segments.map { $0.said(by: speaker) },
            removed: recognized.removed.map { RemovedSegment($0.segment.said(by: speaker), reason: $0.reason) },
            language: BlockLanguage(code: recognized.language, probability: recognized.languageProbability),
            processing: processing
        )
    }

    /// A block's samples; nil if they are not, or not all, in the spool.
    private func sound(of block: StoredBlock, in transcription: Transcription) async throws -> Block? {
        guard let spool = try await recordings.spool(reading: transcription.id, channels: transcription.channels) else { return nil }
        let start = block.start.milliseconds * 16
        let count = block.end.milliseconds * 16 - start
        let samples = try await spool.read(channel: block.channel, from: start, count: count)
        // The end was rounded up to a millisecond.
        guard samples.count > count - 16 else { return nil }
        return Block(channel: block.channel, start: start, samples: samples, speech: block.speech?.seconds)
    }
}

extension Segment {
    fileprivate func said(by speaker: String?) -> Segment {
        var segment = self
        segment.speaker = speaker
        return segment
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
        case let error as ModelDoesNotFit:
            self.init(code: "model_does_not_fit", message: error.description)
        case SpeechError.modelUnreadable:
            self.init(code: "model_unreadable", message: "The model's file is damaged or of another kind.")
        case let error as TimeLimitExceeded:
            let seconds = error.limit.components.seconds
            self.init(
                code: "time_limit",
                message: "A part of the work took longer than \(seconds) s, the limit set by JOB_TIME_LIMIT_SECONDS."
            )
        default: return nil
        }
    }

    /// What to tell the user when the last try failed, too.
    init(afterRetries error: any Error) {
        switch error {
        case let error as AudioError:
            self.init(code: error.code, message: error.description)
        case ArchiveError.diskFull:
            self.init(code: "disk_full", message: "The server's disk is full.")
        default:
            self.init(code: "engine_failed", message: "The transcription failed \(Retry.limit) times in a row.")
        }
    }
}
