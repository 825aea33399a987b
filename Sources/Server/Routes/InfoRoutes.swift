import Archive
import Hummingbird
import ModelLibrary
import Transcripts

/// What this Earshot is.
struct InfoRoutes: Sendable {
    typealias Context = APIContext

    let workers: WorkerRegistry
    let models: ModelLibrary
    let settings: ServerSettings

    /// `GET /`: where to go on.
    func welcome(request: Request, context: Context) -> WelcomeResource {
        WelcomeResource(version: settings.version)
    }

    /// `GET /api/v1/info`: the program, the model that is used when none is named, and the limits.
    func info(request: Request, context: Context) async throws -> InfoResource {
        let model = try? models.model(named: nil)
        let devices = try await workers.devices()
        return InfoResource(version: settings.version, model: model, devices: devices, maximumUploadBytes: settings.maximumUploadBytes)
    }
}
