import Foundation
import Hummingbird
import ModelLibrary
import SystemPackage

/// The installed models in the shape of OpenAI's API.
struct OpenAIModelRoutes: Sendable {
    typealias Context = APIContext

    let models: ModelLibrary

    /// A list of models.
    struct ModelList: ResponseEncodable {
        let object = "list"
        let data: [Model]

        enum CodingKeys: CodingKey {
            case object, data
        }
    }

    /// One model; `created` is when its file was last changed, in seconds since 1970.
    struct Model: ResponseEncodable {
        let id: String
        let object = "model"
        let created: Int
        let ownedBy: String

        enum CodingKeys: String, CodingKey {
            case id, object, created
            case ownedBy = "owned_by"
        }

        init(_ model: InstalledModel) {
            id = model.name
            let attributes = try? FileManager.default.attributesOfItem(atPath: model.path.string)
            created = Int((attributes?[.modificationDate] as? Date ?? .distantPast).timeIntervalSince1970.rounded(.down))
            ownedBy = model.isDemo ? "earshot" : Catalogue.model(named: model.name) == nil ? "user" : "openai"
        }
    }

    /// `GET /v1/models`: what can be used at once.
    func list(request: Request, context: Context) async throws -> ModelList {
        ModelList(data: models.models().map(Model.init))
    }

    /// `GET /v1/models/{name}`: one of them.
    func show(request: Request, context: Context) async throws -> Response {
        let name = try context.parameters.require("name")
        guard let model = models.models().first(where: { $0.name == name.lowercased() }) else {
            return try OpenAIError(
                status: .notFound,
                message: "The model '\(name)' does not exist",
                code: "model_not_found",
                param: "model"
            ).response(from: request, context: context)
        }
        return try Model(model).response(from: request, context: context)
    }
}

/// A refusal in the shape of OpenAI's API.
struct OpenAIError: ResponseGenerator {
    let status: HTTPResponse.Status
    let message: String
    let code: String
    let param: String?

    private struct Body: ResponseEncodable {
        struct Details: Encodable {
            let message: String
            let type: String
            let param: String?
            let code: String

            enum CodingKeys: CodingKey {
                case message, type, param, code
            }

            func encode(to encoder: any Encoder) throws {
                var fields = encoder.container(keyedBy: CodingKeys.self)
                try fields.encode(message, forKey: .message)
                try fields.encode(type, forKey: .type)
                try fields.encode(param, forKey: .param)
                try fields.encode(code, forKey: .code)
            }
        }

        let error: Details
    }

    func response(from request: Request, context: some RequestContext) throws -> Response {
        let type = status.kind == .serverError ? "server_error" : "invalid_request_error"
        let body = Body(error: Body.Details(message: message, type: type, param: param, code: code))
        var response = try body.response(from: request, context: context)
        response.status = status
        return response
    }
}
