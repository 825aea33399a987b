/// The media types of recordings.
enum MediaTypes {
    private static let byExtension = [
        "aac": "audio/aac", "aif": "audio/aiff", "aiff": "audio/aiff", "amr": "audio/amr", "avi": "video/x-msvideo", "flac": "audio/flac",
        "m4a": "audio/mp4", "m4v": "video/mp4", "mka": "audio/x-matroska", "mkv": "video/x-matroska", "mov": "video/quicktime",
        "mp3": "audio/mpeg", "mp4": "video/mp4", "mpeg": "video/mpeg", "mpg": "video/mpeg", "mpga": "audio/mpeg", "oga": "audio/ogg",
        "ogg": "audio/ogg", "opus": "audio/ogg", "wav": "audio/wav", "weba": "audio/webm", "webm": "video/webm", "wma": "audio/x-ms-wma",
        "wmv": "video/x-ms-wmv",
    ]

    /// A media type without its parameters, in lower case.
    static func essence(of type: String) -> String {
        type.prefix { $0 != ";" && $0 != " " }.lowercased()
    }

    /// The type with which a file is served: the declared one if that is audio or video, otherwise that of its file name.
    ///
    /// - Parameter hasVideo: A WebM or MP4 file without video is audio, whatever its name.
    static func type(declared: String?, filename: String, hasVideo: Bool) -> String {
        let declared = essence(of: declared ?? "")
        let isSafe = declared.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "/-+.".contains($0)) }
        if isSafe, declared.hasPrefix("audio/") || declared.hasPrefix("video/") { return declared }
        let ending = filename.split(separator: ".").last.map { $0.lowercased() } ?? ""
        let type = byExtension[ending] ?? "application/octet-stream"
        return hasVideo ? type : type.replacing("video/mp4", with: "audio/mp4").replacing("video/webm", with: "audio/webm")
    }
}
