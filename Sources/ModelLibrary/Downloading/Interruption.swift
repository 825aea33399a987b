import AsyncHTTPClient
import NIOCore
import SystemPackage

/// What ends an attempt to fetch a file, and may be over at the next.
enum Interruption: Error {
    /// No connection came about with the host, and why.
    case unreachable(host: String, reason: String)
    /// Nothing came for too long.
    case stalled
    /// The connection broke off, and how.
    case broken(String)
    /// The server asks to come back later.
    case busy(status: Int, retryAfter: Duration?)
    /// The file has no such place as that to go on from.
    case outOfRange

    /// Reads an error that came instead of an answer.
    ///
    /// - Parameter way: The host, and the proxy on the way to it.
    init(beforeAnswer error: any Error, way: String) {
        let isCut = (error as? IOError).map { [.connectionReset, .brokenPipe].contains(Errno(rawValue: $0.errnoCode)) } ?? false
        switch error as? HTTPClientError {
        case .readTimeout: self = .stalled
        case .remoteConnectionClosed: self = .broken(Self.reason(error))
        // Whatever else comes before an answer concerns the making of the connection: names, routes, certificates.
        default: self = isCut ? .broken(Self.reason(error)) : .unreachable(host: way, reason: Self.reason(error))
        }
    }

    /// Reads an error that came amidst an answer.
    init(amidstAnswer error: any Error) {
        self = (error as? HTTPClientError) == .readTimeout ? .stalled : .broken(Self.reason(error))
    }

    /// What to tell when no further attempt is made.
    func final(host: String, limits: DownloadLimits) -> DownloadError {
        switch self {
        case .unreachable(let host, let reason): .offline(host: host, reason: reason)
        case .stalled: .stalled(host: host, seconds: limits.stall / .seconds(1))
        case .broken(let reason): .gaveUp(host: host, reason: reason)
        case .busy(let status, _): .hubRefused(status: status, host: host)
        case .outOfRange: .hubRefused(status: 416, host: host)
        }
    }

    /// An error in words for people, as far as they can be had.
    private static func reason(_ error: any Error) -> String {
        switch error {
        case let error as IOError: return "\(Errno(rawValue: error.errnoCode))"
        case let error as HTTPClientError: return error.shortDescription
        default:
            let text = "\(error)"
            if text.hasPrefix("DNS error") { return "its name is not known here" }
            // What the library says of the rest is for its own makers.
            if text.contains("CERTIFICATE_VERIFY_FAILED") { return "its certificate is not trusted here" }
            return text.contains("handshakeFailed") ? "no secure connection comes about" : text
        }
    }
}
