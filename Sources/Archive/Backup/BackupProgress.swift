/// The progress of making, reading or restoring a backup.
package struct BackupProgress: Sendable, Hashable {
    /// The current step.
    package enum Step: String, Sendable, Hashable {
        case dumping, copying, reading, checking
    }

    package let step: Step
    package let bytes: Int64
    /// Zero if it is not known.
    package let total: Int64

    /// The fraction from 0 to 1.
    package var fraction: Double { total > 0 ? min(1, Double(bytes) / Double(total)) : 0 }
}
