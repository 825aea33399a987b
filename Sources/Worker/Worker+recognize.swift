import Archive
import Basics
import Logging
import Speech
import SystemPackage
import Transcripts

extension Worker {
    /// Recognizes one block of a recording and stores its segments.
    func recognize(_ job: Job) async throws {
        let transcription = try await queue.begin(job)
        let stored = try await blocks.block(of: job)
        guard let block = try await sound(of: stored, in: transcription) else {
            Logger.current.notice("The block's sound is missing; the recording is decoded again")
            return try await blocks.prepareAgain(job)
        }
        let options = RecognitionOptions(
            transcription.request.options,
            language: transcription.language.flatMap(Language.init(code:))
        )
        // A longer recording has other blocks, which will be recognized at the same time.
        let isOne = (transcription.wantedDuration ?? .zero) <= Timestamp(seconds: BlockCutter.Rules().limit)
        let (recognized, processing) = try await engines.withEngine(for: transcription.request) { engine in
            // The engine may have lanes for more blocks than this one.
            freeLanes.send(())
            let expected = isOne ? 1 : engine.pool.size
            return try await engine.pool.withRecognizer(threads: settings.threads, expecting: expected) { recognizer, threads in
                let clock = ContinuousClock()
                let began = clock.now
                Failpoint.reached("recognize", transcription.audioFile.originalFilename)
                let recognized = try await recognizer.recognize(block, options: options, threads: threads)
                return (recognized, clock.now - began)
            }
        }
        Logger.current.debug(
            "Recognized",
            metadata: ["start_ms": "\(stored.start.milliseconds)", "segments": "\(recognized.segments.count)", "took": "\(processing)"]
        )
        let speaker = transcription.channels > 1 ? SpeakerMerge.name(ofChannel: stored.channel) : nil
        let storedUntil = try await blocks.complete(
            job,
            segments: recognized.segments.map { $0.said(by: speaker) },
            removed: recognized.removed.map { RemovedSegment($0.segment.said(by: speaker), reason: $0.reason) },
            language: recognized.language,
            processing: processing
        )
        do {
            try await recordings.releaseSpool(of: transcription.id, channels: transcription.channels, until: storedUntil)
        } catch Errno.noSuchFileOrDirectory {
            // The transcription has ended meanwhile.
        } catch {
            Logger.current.debug("The disk could not be given back the recognized sound", metadata: ["error": "\(error)"])
        }
    }

    /// A block with its samples; nil if the spool does not have all of them.
    private func sound(of block: StoredBlock, in transcription: Transcription) async throws -> Block? {
        guard let spool = try await recordings.spool(reading: transcription.id, channels: transcription.channels) else { return nil }
        let start = block.start.sample
        let count = block.end.sample - start
        let samples = try await spool.read(channel: block.channel, from: start, count: count)
        // The end was rounded up to a millisecond.
        guard samples.count > count - Timestamp(milliseconds: 1).sample else { return nil }
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
