import HTTPTypes
import Hummingbird

/// The headers of tus, the protocol for resumable uploads (https://tus.io, version 1.0; not the IETF draft that SwiftNIO implements).
enum TusHeader: String {
    case resumable = "Tus-Resumable"
    case version = "Tus-Version"
    case extensions = "Tus-Extension"
    case maximumSize = "Tus-Max-Size"
    case offset = "Upload-Offset"
    case length = "Upload-Length"
    case metadata = "Upload-Metadata"
    case expires = "Upload-Expires"
    /// Earshot's own: the transcription that an upload became.
    case transcription = "Upload-Transcription"
    case methodOverride = "X-HTTP-Method-Override"
}

extension HTTPFields {
    subscript(tus header: TusHeader) -> String? {
        get { HTTPField.Name(header.rawValue).flatMap { self[$0] } }
        set { if let name = HTTPField.Name(header.rawValue) { self[name] = newValue } }
    }
}

/// Rejects clients of another version, and names the supported version in every answer, errors included.
struct TusProtocol: RouterMiddleware {
    static let version = "1.0.0"

    func handle(_ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response) async throws -> Response {
        // Requests that only read need no tus header.
        let isFree = request.method == .options || request.method == .get
        var response: Response
        if isFree || request.headers[tus: .resumable] == Self.version {
            response = try await next(request, context)
        } else {
            response = try APIError(
                status: .preconditionFailed,
                code: "wrong_tus_version",
                detail: "This server supports tus \(Self.version) only. Send Tus-Resumable: \(Self.version)."
            ).response(from: request, context: context)
            response.headers[tus: .version] = Self.version
        }
        response.headers[tus: .resumable] = Self.version
        response.headers[.cacheControl] = "no-store"
        return response
    }
}
