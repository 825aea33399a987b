import Foundation
import Hummingbird
import ModelLibrary

/// Which models there are.
struct ModelRoutes: Sendable {
    typealias Context = APIContext

    let models: ModelLibrary

    private struct ModelList: ResponseEncodable {
        let models: [Model]
    }

    private struct Model: Encodable {
        let code: String
        let name: String
        let description: String
        let sizeBytes: Int64?
        let isCached: Bool
        let isDemo: Bool
        let isDefault: Bool

        enum CodingKeys: String, CodingKey {
            case code, name, description
            case sizeBytes = "size_bytes"
            case isCached = "is_cached"
            case isDemo = "is_demo"
            case isDefault = "is_default"
        }
    }

    /// `GET /models/available`: the installed models, the demo model last.
    func available(request: Request, context: Context) async throws -> some ResponseGenerator {
        let preferred = try? models.model(named: nil)
        return ModelList(
            models: models.models().map { model in
                Model(
                    code: model.name,
                    name: model.isDemo ? "Demo model" : model.name.prefix(1).uppercased() + model.name.dropFirst(),
                    description: model.isDemo
                        ? "Knows only a little synthetic speech in English, Spanish and German; for trying Earshot out."
                        : "A Whisper model from the models folder.",
                    sizeBytes: model.sizeBytes,
                    isCached: true,
                    isDemo: model.isDemo,
                    isDefault: model == preferred
                )
            }
        )
    }
}
