import Archive
import Audio
import Basics
import Foundation
import HTTPTypes
import Hummingbird

/// Resumable uploads, in several requests (tus 1.0: creation, creation-with-upload, termination, expiration).
struct ResumableUploadRoutes: Sendable {
    typealias Context = APIContext

    private static let extensions = "creation,creation-with-upload,termination,expiration"
    private static let pieceType = "application/offset+octet-stream"

    let uploads: UploadStore
    let acceptance: UploadAcceptance
    let settings: ServerSettings

    /// `OPTIONS /uploads`: the supported version and extensions of tus.
    func options(request: Request, context: Context) -> Response {
        var response = Response(status: .noContent)
        response.headers[tus: .version] = TusProtocol.version
        response.headers[tus: .extensions] = Self.extensions
        response.headers[tus: .maximumSize] = settings.maximumUploadBytes.map { "\($0)" }
        return response
    }

    /// `POST /uploads`: creates an upload, possibly with its first bytes.
    func create(request: Request, context: Context) async throws -> Response {
        let length = try request.number(.length)
        let header = request.headers[tus: .metadata] ?? ""
        // Reject bad metadata before the client starts sending.
        _ = try acceptance.options(of: UploadMetadata(header))
        if length == 0 { throw AudioError.empty }
        if let limit = settings.maximumUploadBytes, length > limit { throw ArchiveError.uploadTooLarge(limitBytes: limit) }
        let open = try await uploads.beginUpload(
            length: length,
            metadata: header,
            lifetime: settings.uploadLifetime,
            mostOpen: settings.maximumOpenUploads
        )
        let hasBytes = request.mediaType == Self.pieceType
        let upload = hasBytes ? try await store(request.body, in: open) : open.upload
        var response = response(.created, upload)
        response.headers[.location] = "/api/v1/uploads/\(upload.id.lowercased)"
        return response
    }

    /// `HEAD` and `GET /uploads/{id}`: the offset and, when the upload is complete, its transcription.
    func show(request: Request, context: Context) async throws -> Response {
        var upload = try await uploads.findUpload(context.uploadID())
        // Complete, but not accepted: the process was killed, or the server failed.
        if upload.isWhole, upload.transcriptionID == nil {
            upload = try await acceptance.acceptIfFree(upload.id) ?? upload
        }
        var response = try ResumableUploadResource(upload).response(from: request, context: context)
        response.headers.append(contentsOf: headers(of: upload))
        response.headers[tus: .length] = "\(upload.length)"
        if !upload.metadata.isEmpty { response.headers[tus: .metadata] = upload.metadata }
        return response
    }

    /// `PATCH /uploads/{id}`: appends bytes. The last ones start the transcription, or the file is rejected and removed.
    func append(request: Request, context: Context) async throws -> Response {
        let id = try context.uploadID()
        guard request.mediaType == Self.pieceType else {
            throw APIError(
                status: .unsupportedMediaType,
                code: "wrong_content_type",
                detail: "Send the bytes of an upload with Content-Type: \(Self.pieceType)."
            )
        }
        let offset = try request.number(.offset)
        let known = try await uploads.findUpload(id)
        // A client that did not receive the answer to its last bytes asks again.
        if known.transcriptionID != nil, offset == known.length { return response(.noContent, known) }
        if known.transcriptionID != nil { throw APIError.wrongOffset(known.offset) }
        let open = try await uploads.openUpload(id)
        guard offset == open.upload.offset else { throw APIError.wrongOffset(open.upload.offset) }
        if let count = request.headers[.contentLength].flatMap(Int64.init), count > open.upload.length - offset {
            throw ArchiveError.uploadOverflow(lengthBytes: open.upload.length)
        }
        return response(.noContent, try await store(request.body, in: open))
    }

    /// `DELETE /uploads/{id}`: removes the bytes of an unfinished upload; the transcription of a finished one stays.
    func delete(request: Request, context: Context) async throws -> Response {
        let upload = try await uploads.findUpload(context.uploadID())
        if upload.transcriptionID == nil {
            try await uploads.removeUpload(uploads.openUpload(upload.id))
        } else {
            try await uploads.forgetUpload(upload.id)
        }
        return Response(status: .noContent)
    }

    /// `POST /uploads/{id}`: for clients that can send no other method and name it in a header instead.
    func overridden(request: Request, context: Context) async throws -> Response {
        switch request.headers[tus: .methodOverride]?.uppercased() {
        case "PATCH": return try await append(request: request, context: context)
        case "DELETE": return try await delete(request: request, context: context)
        case "HEAD":
            // The answer to a POST: it says no length of a body that does not follow.
            let shown = try await show(request: request, context: context)
            var headers = shown.headers
            (headers[.contentType], headers[.contentLength]) = (nil, nil)
            return Response(status: shown.status, headers: headers)
        default:
            throw APIError.badRequest("unknown_method", "Name PATCH, HEAD or DELETE in the header X-HTTP-Method-Override.")
        }
    }

    /// Appends the bytes of a request, and accepts the upload with its last byte.
    private func store(_ body: RequestBody, in open: OpenUpload) async throws -> ResumableUpload {
        var pieces = body.makeAsyncIterator()
        let open = try await uploads.appendBytes(to: open, lifetime: settings.uploadLifetime) { try await pieces.next() }
        return open.upload.isWhole ? try await acceptance.accept(open) : open.upload
    }

    private func response(_ status: HTTPResponse.Status, _ upload: ResumableUpload) -> Response {
        Response(status: status, headers: headers(of: upload))
    }

    private func headers(of upload: ResumableUpload) -> HTTPFields {
        var headers = HTTPFields()
        headers[tus: .offset] = "\(upload.offset)"
        headers[tus: .expires] = upload.expiresAt.httpText
        headers[tus: .transcription] = upload.transcriptionID?.lowercased
        return headers
    }
}

extension APIContext {
    /// The id of the upload in the path.
    fileprivate func uploadID() throws -> UUID {
        guard let id = parameters.get("id", as: UUID.self) else { throw APIError.uploadNotFound }
        return id
    }
}

extension Request {
    /// The number in a header.
    fileprivate func number(_ header: TusHeader) throws -> Int64 {
        guard let number = headers[tus: header].flatMap({ Int64($0) }), number >= 0 else {
            throw APIError.badRequest("invalid_header", "The header \(header.rawValue) is missing or not a number of bytes.")
        }
        return number
    }
}

extension APIError {
    fileprivate static func wrongOffset(_ offset: Int64) -> APIError {
        conflict("wrong_offset", "The upload has \(offset) bytes. Resume at this offset.")
    }
}

extension Date {
    /// The date as HTTP headers write it: `Sun, 06 Nov 1994 08:49:37 GMT`.
    fileprivate var httpText: String {
        formatted(
            Date.VerbatimFormatStyle(
                format: """
                    \(weekday: .abbreviated), \(day: .twoDigits) \(month: .abbreviated) \(year: .padded(4)) \
                    \(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased)):\(minute: .twoDigits):\(second: .twoDigits) GMT
                    """,
                locale: Locale(identifier: "en_US_POSIX"),
                timeZone: .gmt,
                calendar: Calendar(identifier: .gregorian)
            )
        )
    }
}
