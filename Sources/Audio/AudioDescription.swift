import Basics

/// The sound of a file, according to its headers.
package struct AudioDescription: Sendable, Hashable {
    /// The length of the sound in milliseconds, which in a video may end early; nil if unknown or impossible.
    package let duration: Int?

    /// ffmpeg's short name of the container: "wav", "mp3", "mov,mp4,m4a,3gp,3g2,mj2".
    package let containerFormat: String

    /// The audio codec's short name: "aac", "opus", "pcm_s16le".
    package let codec: String

    /// The number of channels in the first audio stream.
    package let channels: Int

    /// The samples per second and channel in the first audio stream.
    package let sampleRate: Int

    /// Whether the file is a video; cover art is ignored.
    package let hasVideo: Bool

    /// The title in the file's tags.
    package let title: String?
}

extension AudioDescription {
    /// A container can state any length in seconds; longer ones than 100 days are ignored.
    private static let longest = 8_640_000.0

    /// No codec needs less, in bytes a second: silence takes about 20 in Opus and 200 in FLAC.
    private static let fewestBytes = 5.0

    /// Samples per second of recordings: of the oldest computers, and of the densest one-bit recordings, in bytes.
    private static let plausibleRates = 1_000...6_000_000

    private static let mostChannels = 64

    /// Nil if the report has no audio stream.
    ///
    /// - Parameter fileSize: In bytes; a longer sound than so many bytes can hold is not believed.
    init?(_ report: ProbeReport, fileSize: Int64 = .max) {
        let streams = report.streams ?? []
        guard let audio = streams.first(where: { $0.codec_type == "audio" }) else { return nil }
        let tags = [report.format?.tags, audio.tags].compactMap(\.self)
        let longest = min(Self.longest, Double(fileSize) / Self.fewestBytes)
        duration = report.length(of: audio).flatMap { (0...longest).contains($0) ? Int(clamping: ($0 * 1000).rounded()) : nil }
        containerFormat = report.format?.format_name ?? "unknown"
        codec = audio.codec_name ?? "unknown"
        channels = audio.channels ?? 0
        sampleRate = audio.sample_rate.flatMap { Int($0) } ?? 0
        hasVideo = streams.contains { $0.codec_type == "video" && $0.disposition?["attached_pic"] != 1 }
        title = tags.lazy.flatMap(\.self).first { $0.key.lowercased() == "title" }?.value
    }

    /// Throws `AudioError.implausible` if the headers state what no recording has; 0 stands for what they don't state.
    ///
    /// A file of a few kilobytes with a very low rate, or with many channels, would become gigabytes of decoded sound.
    func checkPlausibility() throws(AudioError) {
        guard sampleRate == 0 || Self.plausibleRates.contains(sampleRate) else {
            throw .implausible(
                reason:
                    "it states \(sampleRate) samples per second. Accepted are \(Self.plausibleRates.lowerBound) to \(Self.plausibleRates.upperBound)."
            )
        }
        guard (0...Self.mostChannels).contains(channels) else {
            throw .implausible(reason: "it states \(channels) channels. Accepted are up to \(Self.mostChannels).")
        }
    }
}
