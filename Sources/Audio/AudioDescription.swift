import Basics

/// What a file's headers say about its sound.
package struct AudioDescription: Sendable, Hashable {
    /// The length of the sound in milliseconds, which in a video may end early; nil where the container does not say,
    /// or says what no recording has.
    package let duration: Int?

    /// The container's short name, as ffmpeg has it: "wav", "mp3", "mov,mp4,m4a,3gp,3g2,mj2".
    package let containerFormat: String

    /// The audio codec's short name: "aac", "opus", "pcm_s16le".
    package let codec: String

    /// The number of channels in the first audio stream.
    package let channels: Int

    /// The samples per second and channel in the first audio stream.
    package let sampleRate: Int

    /// Whether moving pictures come with the sound; cover art does not count.
    package let hasVideo: Bool

    /// The title that the file gives itself.
    package let title: String?
}

/// The part of ffprobe's JSON that descriptions are made of.
struct ProbeReport: Decodable {
    struct Stream: Decodable {
        let codec_type: String?
        let codec_name: String?
        let channels: Int?
        let sample_rate: String?
        let duration: String?
        let start_time: String?
        let disposition: [String: Int]?
        let tags: [String: String]?
    }

    struct Format: Decodable {
        let format_name: String?
        let duration: String?
        let start_time: String?
        let tags: [String: String]?
    }

    let streams: [Stream]?
    let format: Format?

    /// Seconds from the beginning of the file to the end of a stream, or to the end of the file if the stream has no length of its own.
    func length(of stream: Stream) -> Double? {
        guard let length = stream.duration.flatMap(Double.init) else { return format?.duration.flatMap(Double.init) }
        let start = stream.start_time.flatMap(Double.init) ?? 0
        let origin = format?.start_time.flatMap(Double.init) ?? 0
        return length + max(0, start - origin)
    }
}

extension AudioDescription {
    /// Containers can state any length. No recording is longer than so many seconds: 100 days.
    private static let longest = 8_640_000.0

    /// Nil if the report names no audio stream.
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
