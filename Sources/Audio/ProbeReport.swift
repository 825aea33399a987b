/// The part of ffprobe's JSON that a description needs.
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

    /// Seconds from the beginning of the file to the end of a stream, or to the end of the file if the stream has no length.
    func length(of stream: Stream) -> Double? {
        guard let length = stream.duration.flatMap(Double.init) else { return format?.duration.flatMap(Double.init) }
        let start = stream.start_time.flatMap(Double.init) ?? 0
        let origin = format?.start_time.flatMap(Double.init) ?? 0
        return length + max(0, start - origin)
    }
}
