/// How far a file could be decoded.
package struct DecodedSound: Sendable, Hashable {
    /// The samples of each channel that were read from the beginning of the file, those before the requested range included.
    package let sampleCount: Int

    /// Why part of the file could not be read, in ffmpeg's words without paths; nil if the file is whole as far as ffmpeg can see.
    package let damage: String?

    package init(sampleCount: Int, damage: String?) {
        self.sampleCount = sampleCount
        self.damage = damage
    }
}
