/// A model that can be fetched from a hub.
package struct CatalogueModel: Sendable, Hashable {
    /// Its name, as in `--model NAME`: "base", "large-v3-turbo-q5_0".
    package let name: String
    /// The hub's repository that it lies in: "ggerganov/whisper.cpp".
    package let repository: String
    /// What has to be fetched, in bytes.
    package let sizeBytes: Int64
    /// What it takes in memory while it works, in bytes: the weights, and what one transcription needs beside them.
    package let memoryBytes: Int64
    /// The published SHA-1 of the file in lower-case hexadecimal digits; nil if none is published.
    package let sha1: String?
    /// The numbers that the model has learnt, as OpenAI states them.
    package let parameters: Int
    /// How many times as fast as "large" it is, by OpenAI's table: 1 to 10.
    package let relativeSpeed: Double
    /// How fast it is, in a word or two: "very fast".
    package let speed: String
    /// How good its text is, in a word or two: "rough".
    package let quality: String
    /// What it is good for, in a sentence.
    package let summary: String
    /// Whether it was taught to translate to English.
    package let canTranslate: Bool
    /// The number of languages that it knows.
    package let languages: Int
    /// How its weights are quantised, "q5_0"; nil if they are stored in 16 bits.
    package let quantization: String?

    /// The name of its file on the hub and in the model folder.
    package var fileName: String { "ggml-\(name).bin" }

    /// Whether it knows English alone.
    package var isEnglishOnly: Bool { languages == 1 }

    /// A model of these properties.
    package init(
        name: String,
        repository: String = Catalogue.repository,
        sizeBytes: Int64,
        memoryBytes: Int64,
        sha1: String?,
        parameters: Int,
        relativeSpeed: Double,
        speed: String,
        quality: String,
        summary: String,
        canTranslate: Bool,
        languages: Int,
        quantization: String?
    ) {
        self.name = name
        self.repository = repository
        self.sizeBytes = sizeBytes
        self.memoryBytes = memoryBytes
        self.sha1 = sha1
        self.parameters = parameters
        self.relativeSpeed = relativeSpeed
        self.speed = speed
        self.quality = quality
        self.summary = summary
        self.canTranslate = canTranslate
        self.languages = languages
        self.quantization = quantization
    }
}
