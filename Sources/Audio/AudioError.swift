/// What can be wrong with a file that should hold sound, or with the tools that read it.
package enum AudioError: Error, Hashable {
    /// The file has no bytes.
    case empty

    /// The file is of no kind that can be decoded; the reason is ffmpeg's own, without paths.
    case unreadable(reason: String)

    /// The file can be read, but holds no sound: a picture, or a video without an audio track.
    case noAudio

    /// The sound is longer than the caller allows.
    case tooLong(limitSeconds: Int)

    /// A program that this target needs is not installed.
    case toolMissing(String)

    /// Reading the file gave nothing for so long that it was given up.
    case timedOut
}

extension AudioError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .empty: "The file is empty."
        case .unreadable(let reason): "The file can't be read as audio: \(reason)"
        case .noAudio: "The file has no audio track."
        case .tooLong(let limit): "The recording is longer than the limit of \(limit) seconds."
        case .toolMissing(let name): "The program \(name) is not installed."
        case .timedOut: "Reading the file took too long."
        }
    }
}
