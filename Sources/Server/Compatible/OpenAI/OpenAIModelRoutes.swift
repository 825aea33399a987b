import Basics
import Foundation
import Hummingbird
import ModelLibrary
import SystemPackage

/// The installed models in the shape of OpenAI's API.
struct OpenAIModelRoutes: Sendable {
    typealias Context = APIContext

    let models: ModelLibrary

    struct ModelList: ResponseEncodable {
        let object = "list"
        let data: [Model]
    }

    /// A model; `created` is the time of its file's last change, in seconds since 1970.
    struct Model: ResponseEncodable {
        let id: String
        let object = "model"
        let created: Int
        let ownedBy: String

        init(_ model: InstalledModel, as name: String? = nil) {
            id = name ?? model.name
            let attributes = try? FileManager.default.attributesOfItem(atPath: model.path.string)
            created = Int(clamping: (attributes?[.modificationDate] as? Date ?? .distantPast).timeIntervalSince1970.rounded(.down))
            ownedBy = model.isDemo ? "earshot" : Catalogue.model(named: model.name) == nil ? "user" : "openai"
        }
    }

    /// `GET /v1/models`: the models that can be used at once.
    func list(request: Request, context: Context) async throws -> ModelList {
        ModelList(data: models.models().map { Model($0) })
    }

    /// `GET /v1/models/{name}`: one of them; OpenAI's names stand for the default model.
    func show(request: Request, context: Context) async throws -> Model {
        let name = try context.parameters.require("name")
        guard let model = try? models.model(named: OpenAIModel(named: name).localName) else { throw APIError.modelNotFound(name) }
        return Model(model, as: name.lowercased())
    }
}
