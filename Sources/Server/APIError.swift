import Archive
import Audio
import HTTPTypes
import Hummingbird
import Logging
import ModelLibrary
import NIOHTTP1

/// What every refused request answers with: a status, a word for programs and a sentence for people.
struct APIError: Error {
    let status: HTTPResponse.Status
    /// One of a bounded set of words.
    let code: String
    /// What went wrong and what to do, without internals.
    let detail: String
    /// The option that is wrong, where it is one.
    var parameter: String?
    /// What programs find in the answer's head.
    var headers: HTTPFields = [:]
}

extension APIError: ResponseGenerator {
    func response(from request: Request, context: some RequestContext) throws -> Response {
        try ErrorShape(path: request.uri.path).response(to: self, from: request, context: context)
    }
}

extension APIError {
    static let audioFileNotFound = APIError(status: .notFound, code: "audio_file_not_found", detail: "There is no audio file of this id.")

    /// An option of a request that can't be.
    static func badOption(_ parameter: String, code: String, _ detail: String) -> APIError {
        APIError(status: .badRequest, code: code, detail: detail, parameter: parameter)
    }

    /// The answer to an error of the rooms below; the only place that knows a status for each.
    init(_ error: any Error) {
        switch error {
        case let error as APIError:
            self = error
        case let error as AudioError:
            self.init(audio: error)
        case let error as ArchiveError:
            self.init(archive: error)
        case let error as ModelLibraryError:
            self.init(models: error)
        case let error as ImportError:
            self.init(imports: error)
        case let error as UnsupportedOption:
            self.init(status: .badRequest, code: error.code, detail: error.description)
        case let error as MultipartError:
            self.init(status: .badRequest, code: "malformed_form", detail: error.explanation)
        case HTTPParserError.invalidEOFState:
            self.init(status: .badRequest, code: "upload_cut_off", detail: "The upload was cut off; nothing was stored.")
        case let error as HTTPError:
            self.init(http: error)
        default:
            if let error = ArchiveError(cause: error) {
                self.init(archive: error)
                return
            }
            self.init(status: .internalServerError, code: "internal_error", detail: "Something went wrong in Earshot; its log says more.")
        }
    }

    /// The answer to somebody who waited for a transcription that failed.
    init(_ failure: TranscriptionFailure) {
        let status: HTTPResponse.Status =
            switch failure.code {
            case "empty_file", "unknown_model": .badRequest
            case "unreadable_audio": .unsupportedMediaType
            case "no_audio", "timed_out": .unprocessableContent
            case "recording_too_long": .contentTooLarge
            case "model_unavailable", "model_download_cancelled", "model_does_not_fit", "model_unreadable", "tool_missing":
                .serviceUnavailable
            case "disk_full": HTTPResponse.Status(code: 507, reasonPhrase: "Insufficient Storage")
            default: .internalServerError
            }
        self.init(status: status, code: failure.code, detail: failure.message)
    }

    private init(audio error: AudioError) {
        let status: HTTPResponse.Status =
            switch error {
            case .empty: .badRequest
            case .unreadable: .unsupportedMediaType
            case .noAudio: .unprocessableContent
            case .tooLong: .contentTooLarge
            case .toolMissing: .serviceUnavailable
            case .timedOut: .unprocessableContent
            }
        self.init(status: status, code: error.code, detail: error.description)
    }

    private init(models error: ModelLibraryError) {
        let status: HTTPResponse.Status =
            switch error {
            case .unknownModel: .badRequest
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
        case .audioFileNotFound:
            self = .audioFileNotFound
        case .revisionNotFound(let number):
            self.init(status: .notFound, code: "revision_not_found", detail: "This transcription has no revision \(number).")
        case .revisionConflict(let current):
            self.init(
                status: .conflict,
                code: "revision_conflict",
                detail: "The text was changed meanwhile: revision \(current) counts now. Read it, and make your changes there."
            )
        case .edited(let revision):
            self.init(
                status: .conflict,
                code: "edited",
                detail: "This works on the machine's text, and revision \(revision) counts. Restore revision 0 first."
            )
        case .transcriptionNotFound:
            self.init(status: .notFound, code: "transcription_not_found", detail: "There is no transcription of this id.")
        case .uploadTooLarge(let limit):
            self.init(
                status: .contentTooLarge,
                code: "file_too_large",
                detail: "The file is larger than this server accepts (\(limit / 1_000_000) MB, set by MAX_FILE_SIZE_MB)."
            )
        case .notPossible(let state):
            self.init(
                status: .conflict,
                code: "not_possible",
                detail: "This can't be done to a transcription that is \(state.rawValue)."
            )
        case .queryTooLong:
            self.init(
                status: .badRequest,
                code: "query_too_long",
                detail: "“q” has at most \(SearchQuery.longest) characters and \(SearchQuery.mostTerms) words."
            )
        case .searchTooBroad:
            self.init(
                status: .unprocessableContent,
                code: "search_too_broad",
                detail: """
                    The search took longer than this server allows (set by SEARCH_TIME_LIMIT_SECONDS). \
                    Look for something rarer, or in one transcription or language.
                    """
            )
        case .diskFull:
            self.init(
                status: HTTPResponse.Status(code: 507, reasonPhrase: "Insufficient Storage"),
                code: "disk_full",
                detail: "The server's disk is full; nothing was stored."
            )
        case .databaseAway:
            self.init(
                status: .serviceUnavailable,
                code: "database_unavailable",
                detail: "The database does not answer. Try again in a moment.",
                headers: [.retryAfter: "5"]
            )
        case .textNotStorable:
            self.init(
                status: .badRequest,
                code: "text_not_storable",
                detail: "A text of the request holds the character NUL, which can't be stored."
            )
        case .uploadNotFound:
            self = .uploadNotFound
        case .uploadInUse:
            self.init(
                status: HTTPResponse.Status(code: 423, reasonPhrase: "Locked"),
                code: "upload_in_use",
                detail: "Another request is bringing bytes of this upload. Ask how far it is (HEAD) and go on then."
            )
        case .uploadOverflow(let length):
            self.init(
                status: .contentTooLarge,
                code: "upload_overflow",
                detail: "The upload was announced with \(length) bytes, and more came."
            )
        }
    }

    private init(http error: HTTPError) {
        switch error.status {
        case .notFound:
            self.init(status: .notFound, code: "not_found", detail: error.body ?? "There is nothing at this address.")
        default:
            self.init(status: error.status, code: "bad_request", detail: error.body ?? error.status.reasonPhrase)
        }
    }
}

/// Turns every error into an answer of one shape.
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
