import Foundation
import HTTPSupport
import Hummingbird
import SystemPackage

/// A file on disk as an answer: the whole file, or the requested range (RFC 9110, 14).
struct FileResponse: Sendable {
    let path: FilePath
    let size: Int64
    let mediaType: String
    /// In quotes; changes with the file.
    let entityTag: String
    let disposition: ContentDisposition

    func response(to request: Request, context: some ConnectedContext) async throws -> Response {
        var headers: HTTPFields = [
            .contentType: mediaType,
            .acceptRanges: "bytes",
            .eTag: entityTag,
            .cacheControl: "private, no-cache",
            .contentDisposition: disposition.text,
        ]
        // An uploaded file must not run as a page of this server, whatever its type.
        headers[.contentSecurityPolicy] = "sandbox; default-src 'none'; media-src 'self'"
        headers[.xContentTypeOptions] = "nosniff"
        if request.headers[.ifNoneMatch] == entityTag {
            headers[.contentType] = nil
            return Response(status: .notModified, headers: headers)
        }

        let pieces = try await FilePieces(of: path, for: context.channel)
        let isSameFile = request.headers[.ifRange].map { $0 == entityTag } ?? true
        guard let text = request.headers[.range], isSameFile, let range = ByteRange(text) else {
            return Response(status: .ok, headers: headers, body: pieces.body(of: 0..<size))
        }
        guard let bytes = range.resolved(size: size) else {
            headers[.contentRange] = "bytes */\(size)"
            headers[.contentType] = nil
            return Response(status: .rangeNotSatisfiable, headers: headers)
        }
        headers[.contentRange] = "bytes \(bytes.lowerBound)-\(bytes.upperBound)/\(size)"
        return Response(status: .partialContent, headers: headers, body: pieces.body(of: Range(bytes)))
    }
}

/// A `Range` header with a single range. All others are ignored, as the standard allows: the whole file is sent.
struct ByteRange: Equatable {
    private let first: Int64?
    private let last: Int64?

    init?(_ header: String) {
        guard header.lowercased().hasPrefix("bytes=") else { return nil }
        let parts = header.dropFirst(6).split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.allSatisfy { $0.isASCII && $0.isNumber } }) else { return nil }
        first = Int64(parts[0])
        last = Int64(parts[1])
        // A number that does not fit is an error, not "not given".
        guard (first == nil) == parts[0].isEmpty, (last == nil) == parts[1].isEmpty else { return nil }
        switch (first, last) {
        case (nil, nil): return nil
        case (let first?, let last?) where first > last: return nil
        default: break
        }
    }

    /// The range in a file of this size; nil if the file has none of these bytes.
    func resolved(size: Int64) -> ClosedRange<Int64>? {
        if let first {
            return first < size ? first...min(last ?? size - 1, size - 1) : nil
        }
        guard let length = last, length > 0, size > 0 else { return nil }
        return max(0, size - length)...(size - 1)
    }
}

/// `attachment; filename="talk.mp3"; filename*=UTF-8''talk.mp3` (RFC 6266).
struct ContentDisposition: Sendable {
    let text: String

    /// - Parameter kind: `inline` or `attachment`.
    init(_ kind: String, filename: String) {
        let plain = String(filename.map { $0.isASCII && !$0.isNewline && !"\"\\%".contains($0) ? $0 : "_" })
        let encoded = filename.addingPercentEncoding(withAllowedCharacters: Self.unescaped) ?? plain
        text = "\(kind); filename=\"\(plain)\"; filename*=UTF-8''\(encoded)"
    }

    /// The characters that RFC 8187 does not escape.
    private static let unescaped = CharacterSet(charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$&+-.^_`|~")
}
