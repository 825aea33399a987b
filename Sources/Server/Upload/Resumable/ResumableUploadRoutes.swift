import Archive
import Audio
import Foundation
import HTTPTypes
import Hummingbird
import ModelLibrary

/// Uploads that arrive in several requests and go on where they broke off (tus 1.0: creation, creation-with-upload, termination, expiration).
struct ResumableUploadRoutes: Sendable {
    typealias Context = APIContext

    private static let extensions = "creation,creation-with-upload,termination,expiration"
    private static let pieceType = "application/offset+octet-stream"

    let archive: Archive
    let models: ModelLibrary
    let settings: ServerSettings

    /// `OPTIONS /uploads`: what is spoken here.
    func options(request: Request, context: Context) -> Response {
        var response = Response(status: .noContent)
        response.headers[tus: .version] = TusProtocol.version
        response.headers[tus: .extensions] = Self.extensions
        response.headers[tus: .maximumSize] = settings.maximumUploadBytes.map { "\($0)" }
        return response
    }

    /// `POST /uploads`: announces an upload, and may bring its first bytes.
    func create(request: Request, context: Context) async throws -> Response {
        let length = try request.number(.length)
        let header = request.headers[tus: .metadata] ?? ""
        // Who gets something wrong hears of it before the bytes are on their way.
        _ = try form(of: UploadMetadata(header))
        if length == 0 { throw AudioError.empty }
        if let limit = settings.maximumUploadBytes, length > limit { throw ArchiveError.uploadTooLarge(limitBytes: limit) }
        let open = try await archive.beginUpload(length: length, metadata: header, lifetime: settings.uploadLifetime)
        let bringsBytes = MediaTypes.essence(of: request.headers[.contentType] ?? "") == Self.pieceType
        let upload = bringsBytes ? try await take(request.body, into: open) : open.upload
        var response = response(.created, upload)
        response.headers[.location] = "/api/v1/uploads/\(upload.id.uuidString.lowercased())"
        return response
    }

    /// `HEAD` and `GET /uploads/{id}`: how far it has come and, when it is whole, which transcription it has become.
    func show(request: Request, context: Context) async throws -> Response {
        var upload = try await archive.upload(context.uploadID())
        // Whole, but not accepted: the process that was at it was killed, or something was wrong with us.
        if upload.isWhole, upload.transcriptionID == nil { upload = try await settled(upload) }
        var response = try ResumableUploadResource(upload).response(from: request, context: context)
        response.headers.append(contentsOf: headers(of: upload))
        response.headers[tus: .length] = "\(upload.length)"
        if !upload.metadata.isEmpty { response.headers[tus: .metadata] = upload.metadata }
        return response
    }

    /// `PATCH /uploads/{id}`: the next bytes. The last of them make it a transcription; a file that is none is refused, and gone.
    func append(request: Request, context: Context) async throws -> Response {
        let id = try context.uploadID()
        guard MediaTypes.essence(of: request.headers[.contentType] ?? "") == Self.pieceType else {
            throw APIError(
                status: .unsupportedMediaType,
                code: "wrong_content_type",
                detail: "The bytes of an upload come with Content-Type: \(Self.pieceType)."
            )
        }
        let offset = try request.number(.offset)
        let known = try await archive.upload(id)
        // A client that did not hear the answer to its last bytes asks again.
        if known.transcriptionID != nil, offset == known.length { return response(.noContent, known) }
        if known.transcriptionID != nil { throw APIError.wrongOffset(known.offset) }
        let open = try await archive.openUpload(id)
        guard offset == open.upload.offset else { throw APIError.wrongOffset(open.upload.offset) }
        if let count = request.headers[.contentLength].flatMap(Int64.init), count > open.upload.length - offset {
            throw ArchiveError.uploadOverflow(lengthBytes: open.upload.length)
        }
        return response(.noContent, try await take(request.body, into: open))
    }

    /// `DELETE /uploads/{id}`: what has come is removed; what an upload has become stays.
    func delete(request: Request, context: Context) async throws -> Response {
        let upload = try await archive.upload(context.uploadID())
        if upload.transcriptionID == nil {
            try await archive.removeUpload(archive.openUpload(upload.id))
        } else {
            try await archive.forgetUpload(upload.id)
        }
        return Response(status: .noContent)
    }

    /// `POST /uploads/{id}`: for clients that can send no other methods and name in a header the one they mean.
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
            throw APIError(
                status: .badRequest,
                code: "unknown_method",
                detail: "A POST to an upload names PATCH, HEAD or DELETE in the header X-HTTP-Method-Override."
            )
        }
    }

    /// Takes in what a request brings, and accepts the upload with its last byte.
    private func take(_ body: RequestBody, into open: OpenUpload) async throws -> ResumableUpload {
        var pieces = body.makeAsyncIterator()
        let open = try await archive.append(to: open, lifetime: settings.uploadLifetime) { try await pieces.next() }
        return open.upload.isWhole ? try await finish(open) : open.upload
    }

    /// Accepts an upload that is whole, unless somebody else is doing so just now.
    private func settled(_ upload: ResumableUpload) async throws -> ResumableUpload {
        do {
            return try await finish(archive.openUpload(upload.id))
        } catch ArchiveError.uploadInUse {
            return upload
        }
    }

    private func finish(_ open: OpenUpload) async throws -> ResumableUpload {
        do {
            let metadata = try UploadMetadata(open.upload.metadata)
            let form = try form(of: metadata)
            let arrival = Arrival(
                file: try await archive.received(open),
                filename: metadata.filename,
                mediaType: metadata.mediaType,
                fields: metadata.fields
            )
            var upload = open.upload
            let accepted = try await archive.accept(
                Upload(examining: arrival, settings: settings),
                as: form.request,
                wantsDuplicate: form.wantsDuplicate
            )
            upload.transcriptionID = accepted.transcription.id
            return upload
        } catch {
            // What is wrong with the file won't pass. What is wrong with us may, and then the bytes need not come again.
            if APIError(error).status.kind == .clientError { try await archive.removeUpload(open) }
            throw error
        }
    }

    private func form(of metadata: UploadMetadata) throws -> TranscriptionForm {
        try TranscriptionForm(query: [:], fields: metadata.fields, models: models)
    }

    private func response(_ status: HTTPResponse.Status, _ upload: ResumableUpload) -> Response {
        Response(status: status, headers: headers(of: upload))
    }

    private func headers(of upload: ResumableUpload) -> HTTPFields {
        var headers = HTTPFields()
        headers[tus: .offset] = "\(upload.offset)"
        headers[tus: .expires] = upload.expiresAt.httpText
        headers[tus: .transcription] = upload.transcriptionID?.uuidString.lowercased()
        return headers
    }
}

extension APIContext {
    /// The upload that the path names.
    fileprivate func uploadID() throws -> UUID {
        let text = parameters.get("id") ?? ""
        guard let id = UUID(uuidString: text) else { throw APIError.uploadNotFound }
        return id
    }
}

extension Request {
    /// The whole number that a header gives.
    fileprivate func number(_ header: TusHeader) throws -> Int64 {
        guard let number = headers[tus: header].flatMap({ Int64($0) }), number >= 0 else {
            throw APIError(
                status: .badRequest,
                code: "invalid_header",
                detail: "The header \(header.rawValue) must be there and be a number of bytes."
            )
        }
        return number
    }
}

extension APIError {
    static let uploadNotFound = APIError(
        status: .notFound,
        code: "upload_not_found",
        detail: "There is no upload of this id; perhaps it has expired, or was refused."
    )

    fileprivate static func wrongOffset(_ offset: Int64) -> APIError {
        APIError(status: .conflict, code: "wrong_offset", detail: "The upload has \(offset) bytes: go on there.")
    }
}

extension Date {
    /// As HTTP's headers have it: `Sun, 06 Nov 1994 08:49:37 GMT`.
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
