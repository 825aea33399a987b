import Archive
import Hummingbird
import ModelLibrary
import Transcripts

/// Information about this server.
struct InfoRoutes: Sendable {
    typealias Context = APIContext

    let workers: WorkerRegistry
    let models: ModelLibrary
    let settings: ServerSettings

    /// `GET /`: where the main parts of the API are.
    func welcome(request: Request, context: Context) -> WelcomeResource {
        WelcomeResource(version: settings.version)
    }

    /// `GET /api/v1/info`: the program, its default model and its limits.
    func info(request: Request, context: Context) async throws -> InfoResource {
        let model = try? models.model(named: nil)
        let devices = try await workers.devices()
        return InfoResource(version: settings.version, model: model, devices: devices, maximumUploadBytes: settings.maximumUploadBytes)
    }
}
