import Hummingbird

/// The JSON in which an error is told: programs that were written for another server find in it what they look for there.
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
            case .earshot: try Refusal(error).response(from: request, context: context)
            case .openAI: try OpenAIError(error).response(from: request, context: context)
            case .whisperServer: try ["error": error.detail].response(from: request, context: context)
            }
        response.status = error.status
        for field in error.headers { response.headers[field.name] = field.value }
        if case .openAI = self, [.unsupportedMediaType, .unprocessableContent].contains(error.status) {
            // OpenAI tells whatever is wrong with a request, the file included, as 400.
            response.status = .badRequest
        }
        return response
    }
}

extension APIError {
    /// Whose fault it is, as both we and OpenAI call it.
    fileprivate var type: String { status.kind == .serverError ? "server_error" : "invalid_request_error" }
}

private struct Refusal: ResponseEncodable {
    let detail: String
    let errorType: String
    let code: String

    enum CodingKeys: String, CodingKey {
        case detail, code
        case errorType = "error_type"
    }

    init(_ error: APIError) {
        (detail, errorType, code) = (error.detail, error.type, error.code)
    }
}

/// An error in the shape of OpenAI's API.
struct OpenAIError: ResponseEncodable {
    struct Details: Encodable {
        let message: String
        let type: String
        let param: String?
        let code: String

        enum CodingKeys: CodingKey {
            case message, type, param, code
        }

        /// `param` is always there.
        func encode(to encoder: any Encoder) throws {
            var fields = encoder.container(keyedBy: CodingKeys.self)
            try fields.encode(message, forKey: .message)
            try fields.encode(type, forKey: .type)
            try fields.encode(param, forKey: .param)
            try fields.encode(code, forKey: .code)
        }
    }

    let error: Details

    init(_ error: APIError) {
        self.error = Details(message: error.detail, type: error.type, param: error.parameter, code: error.code)
    }
}
