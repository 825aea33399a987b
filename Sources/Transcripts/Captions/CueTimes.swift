/// Determines when captions are shown from when their text is said.
struct CueTimes {
    let rules: CaptionRules
    /// The end of the recording.
    let duration: Timestamp

    /// A shorter caption, in milliseconds, would flicker: five frames of 25 a second.
    private static let flicker = 200

    /// Sets the times of captions that are in the order of their speech.
    func settle(_ captions: [Caption]) -> [Caption] {
        let (gap, shortest) = (max(0, rules.gap.milliseconds), max(1, rules.minimumDuration.milliseconds))
        let longest = max(shortest, rules.maximumDuration.milliseconds)
        var settled: [Caption] = []
        for (index, caption) in captions.enumerated() {
            let spoken = caption.start.milliseconds
            let start = max(spoken, settled.last.map { $0.end.milliseconds + gap } ?? 0)
            let required = start + max(min(shortest, Self.flicker), shortest - (start - spoken))
            var end = min(max(wishedEnd(of: caption, from: start), required), start + longest)
            if index + 1 < captions.count {
                end = min(end, max(captions[index + 1].start.milliseconds - gap, required))
            }
            settled.append(caption.shown(from: start, to: end))
        }
        return settled
    }

    /// When a caption would end if it were the last: with its speech, or later if it takes longer to read.
    private func wishedEnd(of caption: Caption, from start: Int) -> Int {
        let spoken = caption.end.milliseconds
        let columns = caption.lines.reduce(0) { $0 + $1.reduce(0) { $0 + $1.text.columns } }
        let read = start + (Int(exactly: (Double(columns) * 1000 / max(1, rules.readingSpeed)).rounded(.down)) ?? 0)
        let latest = min(spoken + rules.linger.milliseconds, max(spoken, duration.milliseconds))
        return max(spoken, min(read, latest))
    }
}

extension Caption {
    /// The same text at other times; word times stay within them.
    fileprivate func shown(from start: Int, to end: Int) -> Caption {
        var caption = self
        caption.start = Timestamp(milliseconds: start)
        caption.end = Timestamp(milliseconds: end)
        caption.lines = lines.map { line in
            line.map { piece in
                var piece = piece
                piece.start = piece.start.map { min(max($0, caption.start), caption.end) }
                return piece
            }
        }
        return caption
    }
}
