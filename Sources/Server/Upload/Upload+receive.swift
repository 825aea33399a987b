import Archive
import Connections
import Hummingbird
import NIOCore

extension Upload {
    /// Reads a request that brings a file, or the address of one, to its end: a form, the file itself, or JSON with a `url`.
    ///
    /// - Parameters:
    ///   - channel: The client's connection: when it closes, a download ends.
    ///   - judge: Is shown the options as soon as all are known, before the file is read if they come first; throws where they are wrong.
    /// - Throws: `APIError`, `ArchiveError`, `AudioError`, `ImportError` or `MultipartError`; nothing is left on disk then.
    static func receive(
        _ request: Request,
        on channel: any Channel,
        into files: AudioFiles,
        settings: ServerSettings,
        judge: (UploadFields) throws -> Void = { _ in }
    ) async throws -> Upload {
        let arrival =
            switch MediaTypes.essence(of: request.headers[.contentType] ?? "") {
            case "multipart/form-data": try await form(request, on: channel, into: files, settings: settings, judge: judge)
            case "application/json": try await json(request, on: channel, into: files, settings: settings, judge: judge)
            case "application/x-www-form-urlencoded": throw APIError.urlEncodedForm
            default: try await rawBody(request, into: files, settings: settings, judge: judge)
            }
        do {
            return try await Upload(examining: arrival, settings: settings)
        } catch {
            await files.discard(arrival.file)
            throw error
        }
    }

    /// A body that is the file; its name stands in the query or in Content-Disposition.
    private static func rawBody(
        _ request: Request,
        into files: AudioFiles,
        settings: ServerSettings,
        judge: (UploadFields) throws -> Void
    ) async throws -> Arrival {
        try judge([:])
        try settings.checkLength(of: request)
        let filename =
            request.uri.queryParameters["filename"].map(String.init)
            ?? request.headers[.contentDisposition].flatMap { HeaderParameters($0).filename }
        var pieces = request.body.makeAsyncIterator()
        let file = try await files.receive(limit: settings.maximumUploadBytes) { try await pieces.next() }
        return Arrival(file: file, filename: filename ?? "", mediaType: request.headers[.contentType])
    }

    /// JSON that says where the file is: `{"url": "https://…", "language": "en"}`.
    private static func json(
        _ request: Request,
        on channel: any Channel,
        into files: AudioFiles,
        settings: ServerSettings,
        judge: (UploadFields) throws -> Void
    ) async throws -> Arrival {
        let fields = try await JSONFields(reading: request).values
        guard let address = fields["url"]?.last, !address.isEmpty else {
            throw APIError(
                status: .badRequest,
                code: "missing_url",
                detail: "Say in “url” where the recording is, or send the recording itself: curl -F file=@talk.mp3 …"
            )
        }
        return try await imported(address, fields: fields, for: channel, into: files, settings: settings, judge: judge)
    }

    /// A form with the file in the field `file`, or its address in the field `url`.
    private static func form(
        _ request: Request,
        on channel: any Channel,
        into files: AudioFiles,
        settings: ServerSettings,
        judge: (UploadFields) throws -> Void
    ) async throws -> Arrival {
        // The form around the file takes a little, too.
        try settings.checkLength(of: request, besides: 1 << 20)
        var form = try MultipartReader(request)
        var received: Arrival?
        var fields: UploadFields = [:]
        do {
            while let part = try await form.nextPart() {
                if part.name == "file", part.filename != nil || part.contentType != nil {
                    guard received == nil else { throw APIError.severalFiles }
                    let file = try await files.receive(limit: settings.maximumUploadBytes) { try await form.nextChunk() }
                    received = Arrival(file: file, filename: part.filename ?? "", mediaType: part.contentType)
                } else {
                    fields[part.name, default: []].append(try await form.text(of: part))
                }
            }
            if let address = fields["url"]?.last, !address.isEmpty {
                guard received == nil else { throw APIError.severalFiles }
                return try await imported(address, fields: fields, for: channel, into: files, settings: settings, judge: judge)
            }
            guard var arrival = received else {
                throw APIError(status: .badRequest, code: "missing_file", detail: "The form has no file in a field named “file”.")
            }
            try judge(fields)
            arrival.fields = fields
            return arrival
        } catch {
            if let received { await files.discard(received.file) }
            throw error
        }
    }

    /// A file from elsewhere; when the client goes away, its download ends.
    private static func imported(
        _ address: String,
        fields: UploadFields,
        for channel: any Channel,
        into files: AudioFiles,
        settings: ServerSettings,
        judge: (UploadFields) throws -> Void
    ) async throws -> Arrival {
        guard let imports = settings.imports else { throw ImportError.off }
        try judge(fields)
        let source = URLImport(settings: imports, files: files, limit: settings.maximumUploadBytes)
        var arrival = try await ConnectionWatch.whileConnected(channel) { try await source.fetch(address) }
        arrival.fields = fields
        return arrival
    }
}

extension ServerSettings {
    /// Refuses at once what says of itself that it is larger than the limit.
    fileprivate func checkLength(of request: Request, besides: Int64 = 0) throws {
        guard let limit = maximumUploadBytes, let length = request.headers[.contentLength].flatMap(Int64.init) else { return }
        if length > limit + besides { throw ArchiveError.uploadTooLarge(limitBytes: limit) }
    }
}

extension APIError {
    fileprivate static let severalFiles = APIError(status: .badRequest, code: "several_files", detail: "Send one file per request.")

    /// What `curl -d` and `--data-binary` send when nobody tells them otherwise.
    fileprivate static let urlEncodedForm = APIError(
        status: .unsupportedMediaType,
        code: "not_a_file",
        detail: """
            The Content-Type application/x-www-form-urlencoded brings no file. Send a form: curl -F file=@talk.mp3 …, \
            or the file itself with its type: curl --data-binary @talk.mp3 -H 'Content-Type: audio/mpeg' …
            """
    )
}
