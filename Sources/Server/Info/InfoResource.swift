import Archive
import Hummingbird
import ModelLibrary
import Transcripts

/// The answer at the root of the API: its version and where its main parts are.
struct WelcomeResource: ResponseEncodable {
    let message = "Earshot is running"
    let version: String
    let docs = "/docs"
    let health = "/api/v1/health"
    let info = "/api/v1/info"
    let transcriptions = "/api/v1/transcriptions"
}

/// The program, its default model and its limits, with the fields of the predecessor.
struct InfoResource: ResponseEncodable {
    struct Model: Encodable {
        /// The default model; null while none is installed.
        @Null var modelName: String?
        /// The compute device of the workers, "cpu" or "cuda"; null while there is no worker.
        @Null var device: String?
        /// The type of the model's weights, such as "q8_0"; null if its file does not say.
        @Null var computeType: String?
        let cudaAvailable: Bool
        /// The name of the graphics card; null without one.
        @Null var cudaDevice: String?
        let supportedLanguagesCount: Int
        let backend = "whisper.cpp"
    }

    let appName = "Earshot"
    let appVersion: String
    let whisperModel: Model
    /// Null if only the disk limits the size of uploads.
    @Null var maxFileSizeMB: Double?
    let supportedLanguagesCount = Language.all.count
    let exportFormats = TranscriptFormat.allCases.map(\.rawValue)

    init(version: String, model: InstalledModel?, devices: [WorkerDevice], maximumUploadBytes: Int64?) {
        appVersion = version
        let device = devices.first { $0.name != "CPU" } ?? devices.first
        let kind = device?.name.lowercased().prefix { !$0.isNumber }
        whisperModel = Model(
            modelName: model?.name,
            device: kind.map(String.init),
            computeType: (model?.header?.fileType).flatMap { TensorType(fileType: $0 % 1000)?.name },
            cudaAvailable: kind == "cuda",
            cudaDevice: device.flatMap { $0.name == "CPU" ? nil : $0.description },
            supportedLanguagesCount: model?.header?.languages ?? Language.all.count
        )
        maxFileSizeMB = maximumUploadBytes.map { Double($0) / 1_000_000 }
    }
}
