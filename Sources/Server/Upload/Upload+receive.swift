import Archive
import HTTPSupport
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
        into files: RecordingFolder,
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
        return try await Upload(examining: arrival, settings: settings)
    }

    /// A body that is the file; its name stands in the query or in Content-Disposition.
    private static func rawBody(
        _ request: Request,
        into files: RecordingFolder,
        settings: ServerSettings,
        judge: (UploadFields) throws -> Void
    ) async throws -> Arrival {
        try judge([:])
        try settings.checkLength(of: request)
        let filename =
            request.options["filename"].map(String.init)
            ?? request.headers[.contentDisposition].flatMap { HeaderParameters($0).filename }
        var pieces = request.body.makeAsyncIterator()
        let file = try await files.receive(limit: settings.maximumUploadBytes) { try await pieces.next() }
        return Arrival(file: file, filename: filename ?? "", mediaType: request.headers[.contentType])
    }

    /// JSON that says where the file is: `{"url": "https://…", "language": "en"}`.
    private static func json(
        _ request: Request,
        on channel: any Channel,
        into files: RecordingFolder,
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

    /// Reads a form to its end, where only a form will do, and no address instead of the file. Nobody has looked into the file then.
    ///
    /// - Parameter read: Makes sense of the form's other fields; throws where they are wrong.
    /// - Throws: What `receive` throws; nothing is left on disk then.
    static func receive<Options>(
        form request: Request,
        file field: FileField = FileField(),
        into files: RecordingFolder,
        settings: ServerSettings,
        options read: (UploadFields) throws -> Options
    ) async throws -> (upload: Upload, options: Options) {
        guard MediaTypes.essence(of: request.headers[.contentType] ?? "") == "multipart/form-data" else {
            throw APIError(
                status: .unsupportedMediaType,
                code: "not_a_form",
                detail: "Send the recording as multipart/form-data in a field named “\(field.name)”: curl -F \(field.name)=@talk.mp3 …"
            )
        }
        let arrival = try await form(request, file: field, on: nil, into: files, settings: settings) { _ in }
        let options = try read(arrival.fields)
        return (try Upload(arrival), options)
    }

    /// A form with the file in a field, or its address in the field `url`.
    ///
    /// - Parameter channel: The client's connection; nil where no address will do.
    private static func form(
        _ request: Request,
        file field: FileField = FileField(),
        on channel: (any Channel)?,
        into files: RecordingFolder,
        settings: ServerSettings,
        judge: (UploadFields) throws -> Void
    ) async throws -> Arrival {
        // The form around the file takes a little, too.
        try settings.checkLength(of: request, besides: 1 << 20)
        var form = try MultipartReader(request)
        var received: Arrival?
        var fields: UploadFields = [:]
        while let part = try await form.nextPart() {
            if part.name == field.name, part.filename != nil || part.contentType != nil {
                guard received == nil else { throw APIError.severalFiles }
                var heading = field.heading
                var first: ByteBuffer?
                let file = try await files.receive(limit: settings.maximumUploadBytes) {
                    if let piece = first {
                        first = nil
                        return piece
                    }
                    guard let piece = try await form.nextChunk() else { return nil }
                    guard let bytes = heading else { return piece }
                    (heading, first) = (nil, piece)
                    return bytes
                }
                received = Arrival(file: file, filename: part.filename ?? "", mediaType: part.contentType)
            } else {
                fields[part.name, default: []].append(try await form.text(of: part))
            }
        }
        if let channel, let address = fields["url"]?.last, !address.isEmpty {
            guard received == nil else { throw APIError.severalFiles }
            return try await imported(address, fields: fields, for: channel, into: files, settings: settings, judge: judge)
        }
        guard var arrival = received else {
            throw APIError(
                status: .badRequest,
                code: "missing_file",
                detail: "The form has no file in a field named “\(field.name)”.",
                parameter: field.name
            )
        }
        try judge(fields)
        arrival.fields = fields
        return arrival
    }

    /// A file from elsewhere; when the client goes away, its download ends.
    private static func imported(
        _ address: String,
        fields: UploadFields,
        for channel: any Channel,
        into files: RecordingFolder,
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

/// Where a form has its file.
struct FileField: Sendable {
    var name = "file"
    /// What is stored before the file's own bytes, where these are sound without a heading that says so.
    var heading: ByteBuffer?
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
