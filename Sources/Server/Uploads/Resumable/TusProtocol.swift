import HTTPTypes
import Hummingbird

/// The headers of the protocol for uploads in several requests (https://tus.io, version 1.0).
enum TusHeader: String {
    case resumable = "Tus-Resumable"
    case version = "Tus-Version"
    case extensions = "Tus-Extension"
    case maximumSize = "Tus-Max-Size"
    case offset = "Upload-Offset"
    case length = "Upload-Length"
    case metadata = "Upload-Metadata"
    case expires = "Upload-Expires"
    /// Not the protocol's but ours: the transcription that an upload has become.
    case transcription = "Upload-Transcription"
    case methodOverride = "X-HTTP-Method-Override"
}

extension HTTPFields {
    subscript(tus header: TusHeader) -> String? {
        get { HTTPField.Name(header.rawValue).flatMap { self[$0] } }
        set { if let name = HTTPField.Name(header.rawValue) { self[name] = newValue } }
    }
}

/// Refuses clients that speak another version, and says on every answer, refusals too, which one is spoken here.
struct TusProtocol: RouterMiddleware {
    static let version = "1.0.0"

    func handle(_ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response) async throws -> Response {
        // Somebody who only looks need not speak it at all.
        let isFree = request.method == .options || request.method == .get
        var response: Response
        if isFree || request.headers[tus: .resumable] == Self.version {
            response = try await next(request, context)
        } else {
            response = try APIError(
                status: .preconditionFailed,
                code: "wrong_tus_version",
                detail: "Uploads in several requests are spoken of here in version \(Self.version): send Tus-Resumable: \(Self.version)."
            ).response(from: request, context: context)
            response.headers[tus: .version] = Self.version
        }
        response.headers[tus: .resumable] = Self.version
        response.headers[.cacheControl] = "no-store"
        return response
    }
}
