import Basics
import Hummingbird
import ModelLibrary

/// All models, installed or not.
struct ModelList: ResponseEncodable {
    let models: [ModelResource]
}

/// A model in an answer, with the fields of the predecessor and more.
struct ModelResource: Encodable, Sendable {
    let code: String
    let name: String
    let description: String
    /// The same as `description`.
    let useCase: String
    /// "39M", as the predecessor wrote it; null if unknown, like the following fields.
    @Null var parameters: String?
    @Null var downloadSizeMB: Int?
    /// The memory that it takes, in GB (10⁹ bytes), rounded up to a tenth.
    @Null var vramRequiredGB: Double?
    /// Its speed as a multiple of the speed of "large": "10x".
    @Null var speedMultiplier: String?
    @Null var speed: String?
    @Null var quality: String?
    /// The size of its file for people: "78 MB".
    @Null var size: String?
    @Null var sizeBytes: Int64?
    @Null var languages: Int?
    @Null var canTranslate: Bool?
    @Null var quantization: String?
    let isCached: Bool
    let isLoaded: Bool
    let isDemo: Bool
    let isDefault: Bool
    let status: String

    /// A model of the catalogue.
    ///
    /// - Parameter file: Its file; nil if it is not installed.
    init(_ model: CatalogueModel, file: InstalledModel?, isDefault: Bool, status: ModelStatus) {
        code = model.name
        name = Self.title(of: model.name)
        description = model.summary
        useCase = model.summary
        parameters = "\(model.parameters / 1_000_000)M"
        downloadSizeMB = Int(model.sizeBytes / 1_000_000)
        vramRequiredGB = Self.gigabytes(model.memoryBytes)
        speedMultiplier = "\(Int(clamping: model.relativeSpeed))x"
        speed = model.speed
        quality = model.quality
        let bytes = file?.sizeBytes ?? model.sizeBytes
        sizeBytes = bytes
        size = ByteCount.text(bytes)
        languages = model.languages
        canTranslate = model.canTranslate
        quantization = model.quantization
        isCached = file != nil
        isLoaded = status.isLoaded
        isDemo = false
        self.isDefault = isDefault
        self.status = status.status
    }

    /// A model's file that is in no catalogue; its header is all that is known of it, unless it is damaged.
    init(_ model: InstalledModel, isDefault: Bool, status: ModelStatus) {
        code = model.name
        name = model.isDemo ? "Demo model" : Self.title(of: model.name)
        description =
            model.isDemo
            ? "Knows only a little synthetic speech in English, Spanish and German; for trying Earshot out."
            : "A model from the models folder."
        useCase = description
        (parameters, speedMultiplier, speed, quality, quantization) = (nil, nil, nil, nil, nil)
        downloadSizeMB = nil
        let header = status.isCached ? model.header : nil
        vramRequiredGB = header.flatMap { header in model.sizeBytes.map { Self.gigabytes($0 + header.workingMemory) } }
        sizeBytes = model.sizeBytes
        size = model.sizeBytes.map(ByteCount.text)
        languages = header?.languages
        canTranslate = header?.canTranslate
        isCached = status.isCached
        isLoaded = status.isLoaded
        isDemo = model.isDemo
        self.isDefault = isDefault
        self.status = status.status
    }

    private static func title(of name: String) -> String {
        name.prefix(1).uppercased() + name.dropFirst()
    }

    private static func gigabytes(_ bytes: Int64) -> Double {
        (Double(bytes) / 1e8).rounded(.up) / 10
    }
}

/// The state of a model.
struct ModelStatus: ResponseEncodable, Sendable {
    let modelName: String
    /// "absent", "downloading", "damaged", "cached", "loading", "loaded" or "failed".
    let status: String
    let isCached: Bool
    let isLoaded: Bool
    /// The memory that it takes in a worker.
    let memoryBytes: Int64?
    /// Why its file is damaged, or why a worker could not load it.
    let errorMessage: String?
    let downloadProgress: DownloadResource?
}
