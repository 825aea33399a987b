import Archive
import Hummingbird
import ModelLibrary
import Transcripts

/// What stands at the root of the API.
struct WelcomeResource: ResponseEncodable {
    let message = "Earshot is running"
    let version: String
    let docs = "/docs"
    let health = "/api/v1/health"
    let info = "/api/v1/info"
    let transcriptions = "/api/v1/transcriptions"

    private enum CodingKeys: CodingKey {
        case message, version, docs, health, info, transcriptions
    }
}

/// What this Earshot is and can do, with the fields of the old system.
struct InfoResource: ResponseEncodable {
    private struct Model: Encodable {
        /// The model that is used when none is named; null while there is none.
        let name: String?
        /// What workers calculate on: "cpu", "cuda", …; null while no worker is there.
        let device: String?
        /// How the model's weights are stored: "q8_0", "f16"; null where its file does not tell.
        let computeType: String?
        /// The graphics card's name; null without one.
        let graphicsCard: String?
        let languages: Int

        enum CodingKeys: String, CodingKey {
            case device, backend
            case name = "model_name"
            case computeType = "compute_type"
            case hasCUDA = "cuda_available"
            case graphicsCard = "cuda_device"
            case languages = "supported_languages_count"
        }

        func encode(to encoder: any Encoder) throws {
            var fields = encoder.container(keyedBy: CodingKeys.self)
            try fields.encode(name, forKey: .name)
            try fields.encode(device, forKey: .device)
            try fields.encode(computeType, forKey: .computeType)
            try fields.encode(device == "cuda", forKey: .hasCUDA)
            try fields.encode(graphicsCard, forKey: .graphicsCard)
            try fields.encode(languages, forKey: .languages)
            try fields.encode("whisper.cpp", forKey: .backend)
        }
    }

    private let version: String
    private let model: Model
    private let maximumMegabytes: Double?

    init(version: String, model: InstalledModel?, devices: [WorkerDevice], maximumUploadBytes: Int64?) {
        self.version = version
        let device = devices.first { $0.name != "CPU" } ?? devices.first
        let kind = device?.name.lowercased().prefix { !$0.isNumber }
        self.model = Model(
            name: model?.name,
            device: kind.map(String.init),
            computeType: (model?.header?.fileType).flatMap { TensorType(fileType: $0 % 1000)?.name },
            graphicsCard: device.flatMap { $0.name == "CPU" ? nil : $0.description },
            languages: model?.header?.languages ?? Language.all.count
        )
        maximumMegabytes = maximumUploadBytes.map { Double($0) / 1_000_000 }
    }

    private enum CodingKeys: String, CodingKey {
        case name = "app_name"
        case version = "app_version"
        case model = "whisper_model"
        case maximumMegabytes = "max_file_size_mb"
        case languages = "supported_languages_count"
        case formats = "export_formats"
    }

    func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode("Earshot", forKey: .name)
        try fields.encode(version, forKey: .version)
        try fields.encode(model, forKey: .model)
        // Null: no limit but the disk.
        try fields.encode(maximumMegabytes, forKey: .maximumMegabytes)
        try fields.encode(Language.all.count, forKey: .languages)
        try fields.encode(TranscriptFormat.allCases.map(\.rawValue), forKey: .formats)
    }
}
