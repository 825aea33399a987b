/// A model that can be downloaded.
package struct CatalogueModel: Sendable, Hashable {
    /// The name, as in `--model NAME`: "base", "large-v3-turbo-q5_0".
    package let name: String
    /// The repository on the hub: "ggerganov/whisper.cpp".
    package var repository = Catalogue.repository
    /// The size of the download in bytes.
    package let sizeBytes: Int64
    /// The memory for the weights and one transcription, in bytes.
    package let memoryBytes: Int64
    /// The published SHA-1 of the file in lower-case hexadecimal digits; nil if none is published.
    package let sha1: String?
    /// The number of parameters, as OpenAI states it.
    package let parameters: Int
    /// The speed relative to large in OpenAI's table: 1 to 10.
    package let relativeSpeed: Double
    /// The speed in a word or two: "very fast".
    package let speed: String
    /// The quality of the text in a word or two: "rough".
    package let quality: String
    /// The purpose in a sentence.
    package let summary: String
    package let canTranslate: Bool
    /// The number of languages that the model supports.
    package let languages: Int
    /// The quantization of the weights, "q5_0"; nil if they are stored in 16 bits.
    package let quantization: String?

    /// The name of the file on the hub and in the model folder.
    package var fileName: String { "ggml-\(name).bin" }

    package var isEnglishOnly: Bool { languages == 1 }
}
