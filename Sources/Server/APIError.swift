import Archive
import Audio
import Basics
import HTTPSupport
import HTTPTypes
import Hummingbird
import Logging
import ModelLibrary
import NIOHTTP1

/// The answer to a request that failed: a status, a word for programs and a sentence for people.
struct APIError: Error {
    let status: HTTPResponse.Status
    /// One of a bounded set of words.
    let code: String
    /// What happened and what to do, without internals.
    let detail: String
    /// The wrong option, if it is one.
    var parameter: String?
    /// Headers of the answer.
    var headers: HTTPFields = [:]
}

extension APIError: ResponseGenerator {
    func response(from request: Request, context: some RequestContext) throws -> Response {
        try ErrorShape(path: request.uri.path).response(to: self, from: request, context: context)
    }
}

extension APIError {
    static let audioFileNotFound = notFound("audio_file_not_found", "No audio file has this id.")
    static let transcriptionNotFound = notFound("transcription_not_found", "No transcription has this id.")
    static let uploadNotFound = notFound("upload_not_found", "No upload has this id. It may have expired or been rejected.")

    static func badRequest(_ code: String, _ detail: String, parameter: String? = nil) -> APIError {
        APIError(status: .badRequest, code: code, detail: detail, parameter: parameter)
    }

    static func notFound(_ code: String, _ detail: String) -> APIError {
        APIError(status: .notFound, code: code, detail: detail)
    }

    static func conflict(_ code: String, _ detail: String) -> APIError {
        APIError(status: .conflict, code: code, detail: detail)
    }

    /// The answer where the machine is at fault for a while.
    static func unavailable(_ code: String, _ detail: String) -> APIError {
        APIError(status: .serviceUnavailable, code: code, detail: detail, headers: [.retryAfter: "5"])
    }

    /// The answer to an error of the rooms below; the only place that knows a status for each.
    init(_ error: any Error) {
        switch error {
        case let error as APIError:
            self = error
        case let error as AccessRefusal:
            self.init(status: error.status, code: error.code, detail: error.explanation)
        case let error as AudioError:
            self.init(audio: error)
        case let error as ArchiveError:
            self.init(archive: error)
        case let error as ModelLibraryError:
            self.init(models: error)
        case let error as ImportError:
            self.init(imports: error)
        case let error as UnsupportedOption:
            self = .badRequest(error.code, error.description)
        case let error as MultipartError:
            self = .badRequest("malformed_form", error.explanation)
        case is Turnstile.Refusal:
            self.init(
                status: .serviceUnavailable,
                code: "server_busy",
                detail: "Too many requests about large texts are being worked on. Try again in a moment.",
                headers: [.retryAfter: "10"]
            )
        case HTTPParserError.invalidEOFState:
            self = .badRequest("upload_cut_off", "The upload ended too early; nothing was stored. Send the file again.")
        case let error as HTTPError:
            self.init(http: error)
        default:
            if let error = ArchiveError(cause: error) {
                self.init(archive: error)
                return
            }
            self.init(status: .internalServerError, code: "internal_error", detail: "Earshot failed. Details are in its log.")
        }
    }

    /// The answer to a client that waited for a transcription, which failed.
    init(_ failure: TranscriptionFailure) {
        let status: HTTPResponse.Status =
            switch failure.code {
            case "empty_file", "unknown_model": .badRequest
            case "unreadable_audio": .unsupportedMediaType
            case "no_audio", "timed_out", "tool_crashed", "implausible_audio": .unprocessableContent
            case "recording_too_long": .contentTooLarge
            case "model_unavailable", "model_download_cancelled", "model_does_not_fit", "model_unreadable", "tool_missing",
                "file_missing", "machine_failed", "busy":
                .serviceUnavailable
            case "disk_full": .insufficientStorage
            default: .internalServerError
            }
        self.init(status: status, code: failure.code, detail: failure.message)
    }

    private init(audio error: AudioError) {
        let status: HTTPResponse.Status =
            switch error {
            case .empty: .badRequest
            case .unreadable: .unsupportedMediaType
            case .noAudio, .toolCrashed, .implausible: .unprocessableContent
            case .tooLong: .contentTooLarge
            // The tool's own time is limited, too: one that takes this long waits for the machine.
            case .toolMissing, .fileMissing, .machineFailed, .busy, .timedOut: .serviceUnavailable
            }
        self.init(status: status, code: error.code, detail: error.description)
        switch error {
        case .busy, .fileMissing, .machineFailed, .timedOut: headers[.retryAfter] = "10"
        default: break
        }
    }

    private init(models error: ModelLibraryError) {
        let status: HTTPResponse.Status =
            switch error {
            case .unknownModel, .damaged: .badRequest
            case .demoStays: .conflict
            case .notRemoved: .internalServerError
            }
        self.init(status: status, code: error.code, detail: error.description)
    }

    private init(imports error: ImportError) {
        let status: HTTPResponse.Status =
            switch error {
            case .off, .addressRefused: .forbidden
            case .badAddress: .badRequest
            case .unknownHost, .unreachable, .refused, .badRedirect, .brokenOff, .timedOut: .unprocessableContent
            }
        self.init(status: status, code: error.code, detail: error.explanation)
    }

    private init(archive error: ArchiveError) {
        switch error {
        case .audioFileNotFound: self = .audioFileNotFound
        case .transcriptionNotFound: self = .transcriptionNotFound
        case .uploadNotFound: self = .uploadNotFound
        case .revisionNotFound(let number):
            self = .notFound("revision_not_found", "This transcription has no revision \(number).")
        case .revisionConflict(let current):
            self = .conflict(
                "revision_conflict",
                "The text was edited in the meantime: revision \(current) is current. Load it and apply your changes to it."
            )
        case .edited(let revision):
            self = .conflict(
                "edited",
                "This works on the model's text only, but revision \(revision) is current. Restore revision 0 first."
            )
        case .uploadTooLarge(let limit):
            self.init(
                status: .contentTooLarge,
                code: "file_too_large",
                detail: "The file is too large: this server accepts at most \(limit / 1_000_000) MB (MAX_FILE_SIZE_MB)."
            )
        case .notPossible(let state):
            self = .conflict("not_possible", "This is not possible while the transcription is \(state.rawValue).")
        case .queryTooLong:
            self = .badRequest(
                "query_too_long",
                "“q” may have at most \(SearchQuery.longest) characters and \(SearchQuery.mostTerms) words."
            )
        case .searchTooBroad:
            self.init(
                status: .unprocessableContent,
                code: "search_too_broad",
                detail: """
                    The search exceeded the time limit (SEARCH_TIME_LIMIT_SECONDS). \
                    Search for a rarer word, or within one transcription or language.
                    """
            )
        case .diskFull:
            self.init(
                status: .insufficientStorage,
                code: "disk_full",
                detail: "The server's disk is full or read-only; nothing was stored."
            )
        case .noRoom(let needed, let free):
            self.init(
                status: .insufficientStorage,
                code: "disk_full",
                detail: """
                    The server's disk has no room for the sound of this recording while it is transcribed: it needs \(ByteCount.text(needed)), \
                    and \(ByteCount.text(free)) is free. Nothing was stored.
                    """
            )
        case .databaseFull:
            self.init(status: .insufficientStorage, code: "disk_full", detail: "The database's disk is full; nothing was stored.")
        case .folderUnavailable:
            self = .unavailable("recordings_unavailable", "The server's folder of recordings can't be used. Try again in a moment.")
        case .machineBusy:
            self = .unavailable("busy", "The server has too little memory, or too many files open. Try again in a moment.")
        case .databaseAway:
            self = .unavailable("database_unavailable", "The database does not answer. Try again in a moment.")
        case .databaseBusy:
            self = .unavailable("database_busy", "The database has too much to do. Try again in a moment.")
        case .textNotStorable:
            self = .badRequest("text_not_storable", "The request contains the character NUL, which cannot be stored. Remove it.")
        case .uploadInUse:
            self.init(
                status: HTTPResponse.Status(code: 423, reasonPhrase: "Locked"),
                code: "upload_in_use",
                detail: "Another request is sending bytes of this upload. Ask for its offset (HEAD) and resume there."
            )
        case .tooManyUploads(let limit):
            self.init(
                status: .serviceUnavailable,
                code: "too_many_uploads",
                detail:
                    "\(limit) uploads are unfinished, which is the limit (MAX_OPEN_UPLOADS). Finish or delete some, or try again later.",
                headers: [.retryAfter: "60"]
            )
        case .uploadOverflow(let length):
            self.init(
                status: .contentTooLarge,
                code: "upload_overflow",
                detail: "The upload is longer than the \(length) bytes that were announced."
            )
        }
    }

    private init(http error: HTTPError) {
        switch error.status {
        case .notFound:
            self = .notFound("not_found", error.body ?? "This address does not exist.")
        default:
            self.init(status: error.status, code: "bad_request", detail: error.body ?? error.status.reasonPhrase)
        }
    }
}

extension HTTPResponse.Status {
    fileprivate static let insufficientStorage = HTTPResponse.Status(code: 507, reasonPhrase: "Insufficient Storage")
}

/// Answers every error in the shape that the client expects.
struct ErrorResponses<Context: RequestContext>: RouterMiddleware {
    func handle(_ request: Request, context: Context, next: (Request, Context) async throws -> Response) async throws -> Response {
        do {
            return try await next(request, context)
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            let answer = APIError(error)
            if answer.status.kind == .serverError {
                context.logger.error("Request failed", metadata: ["path": "\(request.uri.path)", "error": "\(error)"])
            } else {
                context.logger.debug("Request refused", metadata: ["path": "\(request.uri.path)", "code": "\(answer.code)"])
            }
            return try answer.response(from: request, context: context)
        }
    }
}
