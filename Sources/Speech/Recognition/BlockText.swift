import Transcripts

/// Turns a decoded block into segments, and removes what was not said.
struct BlockText {
    private let decoded: DecodedBlock
    private let block: Block
    private let loudness: Loudness
    private let options: RecognitionOptions
    private let timing: WordTiming

    init(_ decoded: DecodedBlock, block: Block, loudness: Loudness, options: RecognitionOptions, timing: WordTiming) {
        self.decoded = decoded
        self.block = block
        self.loudness = loudness
        self.options = options
        self.timing = timing
    }

    /// The segments in file time, and those that were removed with their reasons.
    func sifted(language: String) -> (kept: [Segment], removed: [RemovedSegment]) {
        let ratios = decoded.windows.indices.map { window in
            CompressionRatio.of(SegmentText.trimmed(decoded.segments.filter { $0.window == window }.map(\.text).joined()))
        }
        var kept: [Segment] = []
        var removed: [RemovedSegment] = []
        for part in decoded.segments {
            let segment = segment(part, ratio: part.window < ratios.count ? ratios[part.window] : nil)
            guard !segment.text.isEmpty else { continue }
            if let reason = reason(for: segment, of: part) {
                removed.append(RemovedSegment(segment, reason: reason))
            } else {
                kept.append(segment)
            }
        }
        let sifted = RepetitionGate().sift(kept)
        let offset = Timestamp(sample: block.start)
        let all = (removed + sifted.removed).sorted { $0.segment.start < $1.segment.start }
        return (sifted.kept.map { $0.moved(by: offset) }, all.map { RemovedSegment($0.segment.moved(by: offset), reason: $0.reason) })
    }

    private func reason(for segment: Segment, of part: DecodedSegment) -> RemovalReason? {
        if SegmentText.spoken(segment.text) == nil { return .noSpeech }
        if let reason = SilenceGate().reason(from: part.start, to: part.end, in: loudness) { return reason }
        let gate = DoubtGate()
        if let reason = gate.reason(for: segment, speech: block.speech) { return reason }
        return PhantomPhrases.reason(for: segment, isDoubtful: gate.doubts(segment, speech: block.speech))
    }

    private func segment(_ part: DecodedSegment, ratio: Double?) -> Segment {
        var segment = Segment(
            start: Timestamp(milliseconds: part.start),
            end: Timestamp(milliseconds: part.end),
            text: part.text,
            averageLogProbability: part.averageLogProbability
        )
        segment.compressionRatio = ratio
        if part.window < decoded.windows.count {
            let window = decoded.windows[part.window]
            segment.noSpeechProbability = window.noSpeech
            let steps = Double(max(0, window.attempts - 1))
            segment.temperature = min(1, options.temperature + steps * Double(EngineParameters.temperatureStep))
        }
        guard options.wordTimes else { return segment }
        let spelled = SpelledWord.words(of: part.tokens)
        let times = WordAligner(loudness).times(of: spelled, from: part.start, to: part.end)
        segment.words = zip(spelled, times).map { word, time in
            Word(
                start: Timestamp(milliseconds: time.start),
                end: Timestamp(milliseconds: time.end),
                text: word.text,
                probability: word.probability
            )
        }
        segment.wordTiming = timing
        return segment
    }
}
