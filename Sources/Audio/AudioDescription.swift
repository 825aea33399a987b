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

    /// Nil if the report has no audio stream.
    init?(_ report: ProbeReport) {
        let streams = report.streams ?? []
        guard let audio = streams.first(where: { $0.codec_type == "audio" }) else { return nil }
        let tags = [report.format?.tags, audio.tags].compactMap(\.self)
        duration = report.length(of: audio).flatMap { (0...Self.longest).contains($0) ? Int(clamping: ($0 * 1000).rounded()) : nil }
        containerFormat = report.format?.format_name ?? "unknown"
        codec = audio.codec_name ?? "unknown"
        channels = audio.channels ?? 0
        sampleRate = audio.sample_rate.flatMap { Int($0) } ?? 0
        hasVideo = streams.contains { $0.codec_type == "video" && $0.disposition?["attached_pic"] != 1 }
        title = tags.lazy.flatMap(\.self).first { $0.key.lowercased() == "title" }?.value
    }
}
