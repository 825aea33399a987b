extension Duration {
    /// The length in seconds, with fractions.
    package var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }

    /// The length in whole milliseconds, rounded.
    package var milliseconds: Int { Int(clamping: (seconds * 1000).rounded()) }
}
