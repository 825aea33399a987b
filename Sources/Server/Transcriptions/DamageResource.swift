import Transcripts

/// What is wrong with a file that could only be read in part.
struct DamageResource: Encodable, Sendable {
    let message: String
    /// How far it was read.
    let readSeconds: Double

    init(_ damage: Damage) {
        message = damage.message
        readSeconds = damage.readUntil.seconds
    }
}
