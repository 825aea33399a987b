import AsyncHTTPClient
import NIOCore
import SystemPackage

/// A temporary failure of an attempt to download a file.
enum Interruption: Error {
    /// The connection to the host failed.
    case unreachable(host: String, reason: String)
    /// No bytes arrived for too long.
    case stalled
    /// The connection was lost.
    case broken(String)
    /// The server asks to retry later.
    case busy(status: Int, retryAfter: Duration?)
    /// The file is shorter than the offset to resume from.
    case outOfRange

    /// Classifies an error that occurred instead of an answer.
    ///
    /// - Parameter way: The host, and the proxy on the way to it.
    init(beforeAnswer error: any Error, way: String) {
        let isCut = (error as? IOError).map { [.connectionReset, .brokenPipe].contains(Errno(rawValue: $0.errnoCode)) } ?? false
        switch error as? HTTPClientError {
        case .readTimeout: self = .stalled
        case .remoteConnectionClosed: self = .broken(Self.reason(error))
        // All other errors before an answer concern the connection: names, routes, certificates.
        default: self = isCut ? .broken(Self.reason(error)) : .unreachable(host: way, reason: Self.reason(error))
        }
    }

    /// Classifies an error that occurred during an answer.
    init(amidstAnswer error: any Error) {
        self = (error as? HTTPClientError) == .readTimeout ? .stalled : .broken(Self.reason(error))
    }

    /// The error to report if no further attempt is made.
    func final(host: String, limits: DownloadLimits) -> DownloadError {
        switch self {
        case .unreachable(let host, let reason): .offline(host: host, reason: reason)
        case .stalled: .stalled(host: host, seconds: limits.stall / .seconds(1))
        case .broken(let reason): .gaveUp(host: host, reason: reason)
        case .busy(let status, _): .hubRefused(status: status, host: host)
        case .outOfRange: .hubRefused(status: 416, host: host)
        }
    }

    /// The reason as a person understands it, if the error offers one.
    private static func reason(_ error: any Error) -> String {
        switch error {
        case let error as IOError: return "\(Errno(rawValue: error.errnoCode))"
        case let error as HTTPClientError: return error.shortDescription
        default:
            let text = "\(error)"
            if text.hasPrefix("DNS error") { return "the host name is unknown" }
            // The library describes other TLS errors in terms of its implementation.
            if text.contains("CERTIFICATE_VERIFY_FAILED") { return "its certificate is not trusted" }
            return text.contains("handshakeFailed") ? "the TLS handshake failed" : text
        }
    }
}
