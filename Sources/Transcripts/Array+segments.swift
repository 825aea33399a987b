extension [Segment] {
    /// These segments with a range of the recording replaced: the others take the place of those whose middle is in the range, in the order of time.
    package func replacing(from start: Timestamp, to end: Timestamp, with others: [Segment]) -> [Segment] {
        let stretch = start.milliseconds..<Swift.max(start.milliseconds, end.milliseconds)
        let kept = filter { !stretch.contains($0.start.milliseconds + ($0.end.milliseconds - $0.start.milliseconds) / 2) }
        return (kept + others).inOrder(of: \.start)
    }
}

extension Array {
    /// The elements in the order of their times; those of the same time keep their order.
    func inOrder(of time: (Element) -> Timestamp) -> [Element] {
        enumerated().sorted { (time($0.element), $0.offset) < (time($1.element), $1.offset) }.map(\.element)
    }
}
