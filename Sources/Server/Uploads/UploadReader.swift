import Archive
import Audio
import HTTPSupport
import Hummingbird
import NIOCore

/// Reads requests that bring a recording, or the web address of one.
struct UploadReader: Sendable {
    /// The field of a form that contains the file.
    struct FileField: Sendable {
        var name = "file"
        /// A header to store before the file, for bare sound that has none.
        var header: ByteBuffer?
    }

    let folder: RecordingFolder
    let settings: ServerSettings
    /// The client's connection: when it closes, a running import ends.
    let channel: any Channel

    /// Reads a request and probes the recording: a form, the file itself, or JSON with a `url`.
    ///
    /// - Parameter judge: Makes options of the fields that come with the file. It is called without any before the body is read, so that
    ///   a wrong query is rejected at once, and again when the fields have arrived, in an import before the download.
    /// - Throws: `APIError`, `ArchiveError`, `AudioError`, `ImportError`, `MultipartError`, or an error of `judge`.
    func read<Options>(
        _ request: Request,
        judging judge: (UploadFields) throws -> Options
    ) async throws -> (upload: Upload, options: Options) {
        let optionsOfQuery = try judge([:])
        var result =
            switch request.mediaType {
            case "multipart/form-data": try await form(request, file: FileField(), acceptsAddress: true, judging: judge)
            case "application/json": try await json(request, judging: judge)
            case "application/x-www-form-urlencoded": throw APIError.urlEncodedForm
            default: (upload: try await body(of: request), options: optionsOfQuery)
            }
        try await result.upload.probe(settings: settings)
        return result
    }

    /// Reads a form that contains the recording; does not probe it.
    ///
    /// - Parameter judge: Makes options of the form's other fields.
    /// - Throws: `APIError`, `ArchiveError`, `AudioError.empty`, `MultipartError`, or an error of `judge`.
    func readForm<Options>(
        _ request: Request,
        file field: FileField = FileField(),
        judging judge: (UploadFields) throws -> Options
    ) async throws -> (upload: Upload, options: Options) {
        guard request.mediaType == "multipart/form-data" else {
            throw APIError(
                status: .unsupportedMediaType,
                code: "not_a_form",
                detail: "Send the recording as multipart/form-data in a field named “\(field.name)”: curl -F \(field.name)=@talk.mp3 …"
            )
        }
        let result = try await form(request, file: field, acceptsAddress: false, judging: judge)
        guard result.upload.file.size > 0 else { throw AudioError.empty }
        return result
    }

    /// The file as the body; its name is in the query or in Content-Disposition.
    private func body(of request: Request) async throws -> Upload {
        try await checkLength(of: request)
        let filename =
            request.options["filename"].map(String.init)
            ?? request.headers[.contentDisposition].flatMap { HeaderParameters($0).filename }
        var pieces = request.body.makeAsyncIterator()
        let file = try await folder.receive(limit: settings.maximumUploadBytes) { try await pieces.next() }
        return Upload(file: file, filename: filename ?? "", declaredType: request.headers[.contentType])
    }

    /// JSON that names the file's address: `{"url": "https://…", "language": "en"}`.
    private func json<Options>(
        _ request: Request,
        judging judge: (UploadFields) throws -> Options
    ) async throws -> (upload: Upload, options: Options) {
        let fields = try await request.jsonFields()
        guard let address = fields["url"]?.last, !address.isEmpty else {
            throw APIError.badRequest(
                "missing_url",
                "“url” is missing: name the address of the recording, or send the recording itself: curl -F file=@talk.mp3 …"
            )
        }
        return try await importRecording(from: address, fields: fields, judging: judge)
    }

    private func form<Options>(
        _ request: Request,
        file field: FileField,
        acceptsAddress: Bool,
        judging judge: (UploadFields) throws -> Options
    ) async throws -> (upload: Upload, options: Options) {
        // The form is a little larger than the file.
        try await checkLength(of: request, besides: 1 << 20)
        var form = try MultipartReader(request)
        var upload: Upload?
        var fields: UploadFields = [:]
        while let part = try await form.nextPart() {
            guard part.name == field.name, part.filename != nil || part.contentType != nil else {
                fields[part.name, default: []].append(try await form.text(of: part))
                continue
            }
            guard upload == nil else { throw APIError.severalFiles }
            var header = field.header
            let file = try await folder.receive(limit: settings.maximumUploadBytes) {
                guard let piece = try await form.nextChunk() else { return nil }
                guard var bytes = header else { return piece }
                header = nil
                bytes.writeImmutableBuffer(piece)
                return bytes
            }
            upload = Upload(file: file, filename: part.filename ?? "", declaredType: part.contentType)
        }
        if acceptsAddress, let address = fields["url"]?.last, !address.isEmpty {
            guard upload == nil else { throw APIError.severalFiles }
            return try await importRecording(from: address, fields: fields, judging: judge)
        }
        guard let upload else {
            throw APIError.badRequest(
                "missing_file",
                "The form has no file in a field named “\(field.name)”.",
                parameter: field.name
            )
        }
        return (upload, try judge(fields))
    }

    private func importRecording<Options>(
        from address: String,
        fields: UploadFields,
        judging judge: (UploadFields) throws -> Options
    ) async throws -> (upload: Upload, options: Options) {
        guard let imports = settings.imports else { throw ImportError.off }
        let options = try judge(fields)
        let source = URLImport(settings: imports, folder: folder, limit: settings.maximumUploadBytes)
        return (try await ConnectionWatch.whileConnected(channel) { try await source.fetch(address) }, options)
    }

    /// Rejects at once a request that declares a length above the limit, or more than the disk has room for.
    private func checkLength(of request: Request, besides: Int64 = 0) async throws {
        guard let length = request.headers[.contentLength].flatMap(Int64.init) else { return }
        if let limit = settings.maximumUploadBytes, length > limit + besides { throw ArchiveError.uploadTooLarge(limitBytes: limit) }
        try await folder.checkFreeSpace(for: length)
    }
}

extension APIError {
    fileprivate static let severalFiles = badRequest("several_files", "Send one file per request.")

    /// For what `curl -d` and `--data-binary` send by default.
    fileprivate static let urlEncodedForm = APIError(
        status: .unsupportedMediaType,
        code: "not_a_file",
        detail: """
            A body of the type application/x-www-form-urlencoded cannot contain a file. Send a form: curl -F file=@talk.mp3 …, \
            or the file itself with its type: curl --data-binary @talk.mp3 -H 'Content-Type: audio/mpeg' …
            """
    )
}
