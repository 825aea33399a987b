import HTTPTypes
import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Why a multipart body could not be read.
enum MultipartError: Error, Equatable {
    case noBoundary
    case headersTooLong
    case malformedHeaders
    case tooManyParts
    case fieldTooLong(name: String)
    case truncated

    /// The reason as a sentence for people.
    var explanation: String {
        switch self {
        case .noBoundary: "The Content-Type of the form must have a boundary of 1 to 70 characters."
        case .headersTooLong: "The headers of a part of the form are too long."
        case .malformedHeaders: "The headers of a part of the form are malformed."
        case .tooManyParts: "The form has too many parts."
        case .fieldTooLong(let name): "The form's field “\(name)” is too long."
        case .truncated: "The form ended before its last boundary. Send it again."
        }
    }
}

/// Splits a multipart body (RFC 2046, 5.1) into parts while its bytes arrive; performs no input or output.
struct MultipartParser {
    enum Event: Equatable {
        /// The headers at the start of a part.
        case part(HTTPFields)
        /// Content of the part.
        case data(ByteBuffer)
        /// The last boundary; everything after it is ignored.
        case end
    }

    private enum State { case preamble, headers, body, end }

    /// The meaning of the bytes after a delimiter.
    private enum Ending {
        /// More bytes are needed to decide.
        case incomplete
        /// The delimiter's bytes are part of the content.
        case content
        /// The form ends here.
        case form
        /// The headers of a part start this many bytes after the delimiter.
        case part(after: Int)
    }

    private static let blankLine = Array("\r\n\r\n".utf8)
    private let delimiter: [UInt8]
    private let headerLimit: Int
    private var state = State.preamble
    // With a line end before it, the first boundary looks like all others.
    private var buffer = ByteBuffer(string: "\r\n")

    /// - Parameter boundary: As in the Content-Type, without dashes in front.
    init(boundary: String, headerLimit: Int = 16_384) {
        delimiter = Array("\r\n--\(boundary)".utf8)
        self.headerLimit = headerLimit
    }

    mutating func append(_ bytes: ByteBuffer) {
        buffer.writeImmutableBuffer(bytes)
        if buffer.readerIndex > 65_536 { buffer.discardReadBytes() }
    }

    /// The next event; nil if more bytes are needed.
    mutating func next() throws(MultipartError) -> Event? {
        while state != .end {
            if state == .headers {
                guard let fields = try readHeaders() else { return nil }
                state = .body
                return .part(fields)
            }
            // The bytes before a delimiter are content, or the preamble, which is ignored.
            guard let content = contentLength(), let bytes = buffer.readSlice(length: content) else { return nil }
            if content == 0 {
                guard passDelimiter() else { return nil }
            } else if state == .body {
                return .data(bytes)
            }
        }
        return .end
    }

    /// The number of bytes that are certainly content: 0 at a delimiter, nil if more bytes are needed to decide.
    private func contentLength() -> Int? {
        guard let position = buffer.firstPosition(of: delimiter) else {
            let safe = buffer.readableBytes - delimiter.count + 1
            return safe > 0 ? safe : nil
        }
        if position > 0 { return position }
        return switch ending() {
        case .incomplete: nil
        case .content: delimiter.count
        case .form, .part: 0
        }
    }

    /// Skips the delimiter; false if more bytes are needed.
    private mutating func passDelimiter() -> Bool {
        switch ending() {
        case .incomplete, .content: return false
        case .form: state = .end
        case .part(let offset):
            buffer.moveReaderIndex(forwardBy: delimiter.count + offset)
            state = .headers
        }
        return true
    }

    /// A delimiter is followed by `--`, or by optional spaces and a line end.
    private func ending() -> Ending {
        let rest = buffer.readableBytesView.dropFirst(delimiter.count)
        guard rest.count >= 2 else { return .incomplete }
        if rest.starts(with: "--".utf8) { return .form }
        guard let end = rest.firstIndex(where: { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }) else {
            return rest.count > 256 ? .content : .incomplete
        }
        guard rest[end...].count >= 2 else { return .incomplete }
        return rest[end...].starts(with: "\r\n".utf8) ? .part(after: end - rest.startIndex) : .content
    }

    /// The headers of a part; the buffer is at the line end of its delimiter.
    private mutating func readHeaders() throws(MultipartError) -> HTTPFields? {
        guard let length = buffer.firstPosition(of: Self.blankLine) else {
            if buffer.readableBytes > headerLimit { throw .headersTooLong }
            return nil
        }
        guard length <= headerLimit, let block = buffer.readString(length: length) else { throw .headersTooLong }
        buffer.moveReaderIndex(forwardBy: Self.blankLine.count)
        var fields = HTTPFields()
        for line in block.split(separator: "\r\n") {
            guard let colon = line.firstIndex(of: ":"), let name = HTTPField.Name(String(line[..<colon])) else { throw .malformedHeaders }
            let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
            fields.append(HTTPField(name: name, value: String(value)))
        }
        return fields
    }
}

extension ByteBuffer {
    /// The offset of the pattern's first occurrence from the reader index.
    fileprivate func firstPosition(of pattern: [UInt8]) -> Int? {
        withUnsafeReadableBytes { bytes in
            guard let base = bytes.baseAddress, let first = pattern.first else { return nil }
            var start = 0
            while start + pattern.count <= bytes.count {
                guard let hit = memchr(base + start, Int32(first), bytes.count - start - pattern.count + 1) else { return nil }
                let position = base.distance(to: UnsafeRawPointer(hit))
                if memcmp(hit, pattern, pattern.count) == 0 { return position }
                start = position + 1
            }
            return nil
        }
    }
}
