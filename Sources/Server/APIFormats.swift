import Foundation
import Hummingbird

extension JSONEncoder {
    /// The encoder of all answers and events: fields in snake case and in a stable order, slashes not escaped.
    static var api: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        return encoder
    }

    /// A value as JSON text.
    static func apiText(of value: some Encodable) throws -> String {
        String(decoding: try api.encode(value), as: UTF8.self)
    }
}

extension JSONDecoder {
    /// The decoder of JSON that clients send, with fields in snake case.
    static var api: JSONDecoder {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return decoder
    }
}

extension Date {
    /// ISO 8601 in UTC, with milliseconds.
    var iso8601: String { formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true)) }
}

extension Double {
    /// Rounded to a number of decimals.
    func rounded(toPlaces places: Int) -> Double {
        let scale = (0..<places).reduce(1.0) { scale, _ in scale * 10 }
        return (self * scale).rounded() / scale
    }
}

extension Response {
    static func text(_ text: String, as mediaType: String = "text/plain; charset=utf-8") -> Response {
        Response(status: .ok, headers: [.contentType: mediaType], body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}
