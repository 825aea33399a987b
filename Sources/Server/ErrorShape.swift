import Hummingbird

/// The JSON shape of an error: each API answers with the shape that its clients expect.
enum ErrorShape {
    /// `{"detail", "error_type", "code"}`.
    case earshot
    /// `{"error": {"message", "type", "param", "code"}}`: everything under `/v1`.
    case openAI
    /// `{"error": "a sentence"}`: whisper.cpp's server.
    case whisperServer

    init(path: String) {
        self =
            switch path {
            case "/v1",
                _ where path.hasPrefix("/v1/"):
                .openAI
            case "/inference": .whisperServer
            default: .earshot
            }
    }

    func response(to error: APIError, from request: Request, context: some RequestContext) throws -> Response {
        var response =
            switch self {
            case .earshot:
                try Refusal(detail: error.detail, errorType: error.type, code: error.code).response(from: request, context: context)
            case .openAI: try OpenAIError(error).response(from: request, context: context)
            case .whisperServer: try ["error": error.detail].response(from: request, context: context)
            }
        response.status = error.status
        for field in error.headers { response.headers[field.name] = field.value }
        if case .openAI = self, [.unsupportedMediaType, .unprocessableContent].contains(error.status) {
            // OpenAI answers 400 to every bad request, those with a bad file included.
            response.status = .badRequest
        }
        return response
    }
}

extension APIError {
    /// Who caused the error, as Earshot and OpenAI call it.
    fileprivate var type: String { status.kind == .serverError ? "server_error" : "invalid_request_error" }
}

private struct Refusal: ResponseEncodable {
    let detail: String
    let errorType: String
    let code: String
}

/// An error in the shape of OpenAI's API.
struct OpenAIError: ResponseEncodable {
    struct Details: Encodable {
        let message: String
        let type: String
        @Null var param: String?
        let code: String
    }

    let error: Details

    init(_ error: APIError) {
        self.error = Details(message: error.detail, type: error.type, param: error.parameter, code: error.code)
    }
}
