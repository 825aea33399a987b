/// A file could only be read in part, so that its transcript may lack sound.
package struct Damage: Sendable, Hashable, Codable {
    /// The decoder's reason, without paths.
    package var message: String
    /// How far the file was read.
    package var readUntil: Timestamp

    package init(message: String, readUntil: Timestamp) {
        self.message = message
        self.readUntil = readUntil
    }
}
