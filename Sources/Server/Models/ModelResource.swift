import Basics
import Hummingbird
import ModelLibrary

/// All models, here or not.
struct ModelList: ResponseEncodable {
    let models: [ModelResource]
}

/// A model as clients see it: with the fields of the old system, and more.
struct ModelResource: Encodable, Sendable {
    let code: String
    let name: String
    let description: String
    /// "39M", as the old system has it; nil where it is not known.
    let parameters: String?
    let downloadSizeMB: Int?
    /// The memory that it takes, in GB (10⁹ bytes), rounded up to a tenth.
    let memoryGB: Double?
    /// How many times as fast as "large": "10x".
    let speedMultiplier: String?
    let speed: String?
    let quality: String?
    /// For people: "78 MB".
    let size: String?
    let sizeBytes: Int64?
    let languages: Int?
    let canTranslate: Bool?
    let quantization: String?
    let isCached: Bool
    let isLoaded: Bool
    let isDemo: Bool
    let isDefault: Bool
    let status: String

    enum CodingKeys: String, CodingKey {
        case code, name, description, parameters, speed, quality, size, languages, quantization, status
        case downloadSizeMB = "download_size_mb"
        case memoryGB = "vram_required_gb"
        case speedMultiplier = "speed_multiplier"
        case useCase = "use_case"
        case sizeBytes = "size_bytes"
        case canTranslate = "can_translate"
        case isCached = "is_cached"
        case isLoaded = "is_loaded"
        case isDemo = "is_demo"
        case isDefault = "is_default"
    }

    /// An official model.
    ///
    /// - Parameter file: Where it is; nil if it is not here.
    init(_ model: CatalogueModel, file: InstalledModel?, isDefault: Bool, status: ModelStatus) {
        code = model.name
        name = Self.title(of: model.name)
        description = model.summary
        parameters = "\(model.parameters / 1_000_000)M"
        downloadSizeMB = Int(model.sizeBytes / 1_000_000)
        memoryGB = Self.gigabytes(model.memoryBytes)
        speedMultiplier = "\(Int(clamping: model.relativeSpeed))x"
        speed = model.speed
        quality = model.quality
        sizeBytes = file?.sizeBytes ?? model.sizeBytes
        size = sizeBytes.map(Self.size)
        languages = model.languages
        canTranslate = model.canTranslate
        quantization = model.quantization
        isCached = file != nil
        isLoaded = status.isLoaded
        isDemo = false
        self.isDefault = isDefault
        self.status = status.status
    }

    /// A model that is in no catalogue: what can be told of it stands at the beginning of its file.
    init(_ model: InstalledModel, isDefault: Bool, status: ModelStatus) {
        let header = model.header
        let weights = model.sizeBytes
        code = model.name
        name = model.isDemo ? "Demo model" : Self.title(of: model.name)
        description =
            model.isDemo
            ? "Knows only a little synthetic speech in English, Spanish and German; for trying Earshot out."
            : "A model from the models folder."
        parameters = nil
        downloadSizeMB = nil
        memoryGB = header.flatMap { header in weights.map { Self.gigabytes($0 + header.workingMemory) } }
        (speedMultiplier, speed, quality) = (nil, nil, nil)
        sizeBytes = weights
        size = weights.map(Self.size)
        languages = header?.languages
        canTranslate = header?.canTranslate
        quantization = nil
        isCached = true
        isLoaded = status.isLoaded
        isDemo = model.isDemo
        self.isDefault = isDefault
        self.status = status.status
    }

    func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(code, forKey: .code)
        try fields.encode(name, forKey: .name)
        try fields.encode(description, forKey: .description)
        try fields.encode(description, forKey: .useCase)
        try fields.encode(parameters, forKey: .parameters)
        try fields.encode(downloadSizeMB, forKey: .downloadSizeMB)
        try fields.encode(memoryGB, forKey: .memoryGB)
        try fields.encode(speedMultiplier, forKey: .speedMultiplier)
        try fields.encode(speed, forKey: .speed)
        try fields.encode(quality, forKey: .quality)
        try fields.encode(size, forKey: .size)
        try fields.encode(sizeBytes, forKey: .sizeBytes)
        try fields.encode(languages, forKey: .languages)
        try fields.encode(canTranslate, forKey: .canTranslate)
        try fields.encode(quantization, forKey: .quantization)
        try fields.encode(isCached, forKey: .isCached)
        try fields.encode(isLoaded, forKey: .isLoaded)
        try fields.encode(isDemo, forKey: .isDemo)
        try fields.encode(isDefault, forKey: .isDefault)
        try fields.encode(status, forKey: .status)
    }

    private static func title(of name: String) -> String {
        name.prefix(1).uppercased() + name.dropFirst()
    }

    private static func gigabytes(_ bytes: Int64) -> Double {
        (Double(bytes) / 1e8).rounded(.up) / 10
    }

    private static func size(_ bytes: Int64) -> String {
        bytes >= 1_000_000_000 ? "\((Double(bytes) / 1e8).rounded() / 10) GB" : "\((bytes + 500_000) / 1_000_000) MB"
    }
}

/// How a model stands.
struct ModelStatus: ResponseEncodable, Sendable {
    let modelName: String
    /// "absent", "downloading", "cached", "loading", "loaded" or "failed".
    let status: String
    let isCached: Bool
    let isLoaded: Bool
    /// What it takes in a worker's memory.
    let memoryBytes: Int64?
    /// Why a worker could not load it.
    let errorMessage: String?
    let downloadProgress: DownloadResource?

    enum CodingKeys: String, CodingKey {
        case status
        case modelName = "model_name"
        case isCached = "is_cached"
        case isLoaded = "is_loaded"
        case memoryBytes = "memory_bytes"
        case errorMessage = "error_message"
        case downloadProgress = "download_progress"
    }
}
