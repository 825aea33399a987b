import Archive
import Audio
import Foundation
import Hummingbird
import Transcripts

/// A form with a file and options, received whole: the file lies flushed on disk and has been found to hold sound.
struct Upload {
    let file: ReceivedFile
    let filename: String
    let mediaType: String
    let description: AudioDescription
    /// The form's other fields; of several of one name the last counts.
    let fields: [String: String]

    /// Reads the request to its end.
    ///
    /// - Throws: `APIError`, `ArchiveError`, `AudioError` or `MultipartError`; nothing is left on disk then.
    static func receive(_ request: Request, into files: AudioFiles, settings: ServerSettings) async throws -> Upload {
        guard MediaTypes.essence(of: request.headers[.contentType] ?? "") == "multipart/form-data" else {
            throw APIError(
                status: .unsupportedMediaType,
                code: "not_a_form",
                detail: "Send the recording as multipart/form-data in a field named “file”: curl -F file=@talk.mp3 …"
            )
        }
        let length = request.headers[.contentLength].flatMap(Int64.init)
        // The form around the file takes a little, too.
        if let limit = settings.maximumUploadBytes, let length, length > limit + (1 << 20) {
            throw ArchiveError.uploadTooLarge(limitBytes: limit)
        }

        var form = try MultipartReader(request)
        var received: (file: ReceivedFile, part: FormPart)?
        var fields: [String: String] = [:]
        do {
            while let part = try await form.nextPart() {
                if part.name == "file", part.filename != nil || part.contentType != nil {
                    guard received == nil else {
                        throw APIError(status: .badRequest, code: "several_files", detail: "Send one file per request.")
                    }
                    let file = try await files.receive(limit: settings.maximumUploadBytes) { try await form.nextChunk() }
                    received = (file, part)
                } else {
                    fields[part.name] = try await form.text(of: part)
                }
            }
            guard let (file, part) = received else {
                throw APIError(status: .badRequest, code: "missing_file", detail: "The form has no file in a field named “file”.")
            }
            let description = try await examine(file, maximumDuration: settings.maximumDuration)
            let filename = part.filename ?? ""
            return Upload(
                file: file,
                filename: filename,
                mediaType: MediaTypes.type(declared: part.contentType, filename: filename, hasVideo: description.hasVideo),
                description: description,
                fields: fields
            )
        } catch {
            if let received { await files.discard(received.file) }
            throw error
        }
    }

    private static func examine(_ file: ReceivedFile, maximumDuration: Duration?) async throws -> AudioDescription {
        guard file.size > 0 else { throw AudioError.empty }
        let description = try await AudioProbe().describe(file.path)
        if let maximumDuration, let duration = description.duration, duration > Int(maximumDuration.components.seconds) * 1000 {
            throw AudioError.tooLong(limitSeconds: Int(maximumDuration.components.seconds))
        }
        return description
    }
}
