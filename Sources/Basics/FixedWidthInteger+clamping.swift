extension FixedWidthInteger {
    /// The whole part of a number, or the nearest end of the type's range; 0 for what is not a number.
    ///
    /// `Int(_: Double)` ends the process for anything that does not fit. This is the only place that uses it.
    package init(clamping value: Double) {
        if value.isNaN {
            self = 0
        } else if value <= Double(Self.min) {
            self = .min
        } else if value >= Double(Self.max) {
            self = .max
        } else {
            self.init(value)
        }
    }

    /// The sum, or the nearest end of the type's range.
    package func addingClamped(_ other: Self) -> Self {
        let (sum, overflows) = addingReportingOverflow(other)
        return overflows ? (other < 0 ? .min : .max) : sum
    }
}
