import Basics
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

        init(_ model: InstalledModel, as name: String? = nil) {
            id = name ?? model.name
            let attributes = try? FileManager.default.attributesOfItem(atPath: model.path.string)
            created = Int(clamping: (attributes?[.modificationDate] as? Date ?? .distantPast).timeIntervalSince1970.rounded(.down))
            ownedBy = model.isDemo ? "earshot" : Catalogue.model(named: model.name) == nil ? "user" : "openai"
        }
    }

    /// `GET /v1/models`: what can be used at once.
    func list(request: Request, context: Context) async throws -> ModelList {
        ModelList(data: models.models().map { Model($0) })
    }

    /// `GET /v1/models/{name}`: one of them; OpenAI's own names are those of the model that answers to them.
    func show(request: Request, context: Context) async throws -> Model {
        let name = try context.parameters.require("name")
        guard let model = try? models.model(named: OpenAIModel(named: name).localName) else { throw APIError.modelNotFound(name) }
        return Model(model, as: name.lowercased())
    }
}
