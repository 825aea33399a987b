extension [Segment] {
    /// These segments with a stretch of the recording said anew: those whose middle lies in it make way for the others, in the order of time.
    package func replacing(from start: Timestamp, to end: Timestamp, with others: [Segment]) -> [Segment] {
        let stretch = start.milliseconds..<Swift.max(start.milliseconds, end.milliseconds)
        let kept = filter { !stretch.contains($0.start.milliseconds + ($0.end.milliseconds - $0.start.milliseconds) / 2) }
        return (kept + others).enumerated().sorted { ($0.element.start, $0.offset) < ($1.element.start, $1.offset) }.map(\.element)
    }
}
