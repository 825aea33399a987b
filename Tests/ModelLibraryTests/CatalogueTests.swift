import ModelLibrary
import Testing

/// The table of official models.
@Suite struct CatalogueTests {
    @Test("each of the six classic names, in any case, is a model; large and turbo are the newest")
    func classic() throws {
        #expect(Catalogue.classic == ["tiny", "base", "small", "medium", "large", "turbo"])
        let found = Catalogue.classic.compactMap { Catalogue.model(named: $0.uppercased())?.name }
        #expect(found == ["tiny", "base", "small", "medium", "large-v3", "large-v3-turbo"])
        #expect(Catalogue.model(named: "enormous") == nil)
    }

    @Test("names are unique, and every checksum is well-formed")
    func form() {
        #expect(Set(Catalogue.models.map(\.name)).count == Catalogue.models.count)
        let checksums = Catalogue.models.compactMap(\.sha1)
        #expect(Set(checksums).count == checksums.count)
        #expect(checksums.allSatisfy { $0.wholeMatch(of: /[0-9a-f]{40}/) != nil })
        // Published for every model in 16 bits, and for three others.
        #expect(checksums.count == 16)
        #expect(Catalogue.models.filter { $0.quantization == nil }.allSatisfy { $0.sha1 != nil })
    }

    @Test("English-only, turbo and newer models have the properties that their header implies", arguments: Catalogue.models)
    func abilities(model: CatalogueModel) throws {
        let shape = try #require(Shape(of: model))
        let header = ModelHeader(
            vocabulary: shape.vocabulary,
            audioLayers: shape.audioLayers,
            textState: shape.state,
            textHeads: shape.state / 64,
            textLayers: shape.textLayers
        )
        #expect(model.canTranslate == header.canTranslate)
        #expect(model.languages == header.languages)
        #expect(model.isEnglishOnly != header.isMultilingual)
        #expect(model.isEnglishOnly == model.name.contains(".en"))
    }

    @Test("every length is the sum of the parts of such a file", arguments: Catalogue.models)
    func lengths(model: CatalogueModel) throws {
        #expect(try #require(Shape(of: model)).fileBytes == model.sizeBytes)
        #expect(model.memoryBytes > model.sizeBytes)
    }
}

/// The sizes of an official model's parts, from OpenAI's paper, and the length of the file that follows from them.
private struct Shape {
    let state, audioLayers, textLayers, vocabulary, melBands: Int
    let quantization: String?

    init?(of model: CatalogueModel) {
        let sizes = ["tiny": (384, 4), "base": (512, 6), "small": (768, 12), "medium": (1024, 24), "large": (1280, 32)]
        guard let size = sizes.first(where: { model.name.hasPrefix($0.key) })?.value else { return nil }
        let isNew = model.name.hasPrefix("large-v3")
        state = size.0
        audioLayers = size.1
        textLayers = model.name.contains("turbo") ? 4 : size.1
        vocabulary = isNew ? 51_866 : model.name.contains(".en") ? 51_864 : 51_865
        melBands = isNew ? 128 : 80
        quantization = model.quantization
    }

    /// The bytes of a matrix; quantized numbers are stored in blocks of 32.
    private func matrix(_ count: Int) -> Int {
        switch quantization {
        case "q5_0": count / 32 * 22
        case "q5_1": count / 32 * 24
        case "q8_0": count / 32 * 34
        default: count * 2
        }
    }

    /// Bytes of a tensor's head: three numbers, its sizes, its name.
    private func head(_ name: String, _ dimensions: Int) -> Int { 12 + 4 * dimensions + name.utf8.count }

    /// Bytes of a weight and a bias, or a weight alone.
    private func layer(_ name: String, weight: Int, bias: Int?) -> Int {
        head("\(name).weight", 2) + matrix(weight) + (bias.map { head("\(name).bias", 1) + 4 * $0 } ?? 0)
    }

    private func norm(_ name: String) -> Int { head("\(name).weight", 1) + head("\(name).bias", 1) + 8 * state }

    private func attention(_ name: String) -> Int {
        let square = state * state
        return layer("\(name).query", weight: square, bias: state) + layer("\(name).key", weight: square, bias: nil)
            + layer("\(name).value", weight: square, bias: state) + layer("\(name).out", weight: square, bias: state) + norm("\(name)_ln")
    }

    private func block(_ name: String, attentions: [String]) -> Int {
        attentions.reduce(0) { $0 + attention("\(name).\($1)") }
            + layer("\(name).mlp.0", weight: 4 * state * state, bias: 4 * state)
            + layer("\(name).mlp.2", weight: 4 * state * state, bias: state) + norm("\(name).mlp_ln")
    }

    /// A convolution, which is never quantized: 16-bit weights of three taps, and a bias as a column.
    private func convolution(_ name: String, inputs: Int) -> Int {
        head("\(name).weight", 3) + 2 * 3 * inputs * state + head("\(name).bias", 2) + 4 * state
    }

    var fileBytes: Int64 {
        // The words of the vocabulary with their lengths, without the special tokens, which the engine adds itself.
        let words = vocabulary == 51_864 ? 521_859 : 508_089
        var bytes = 48 + 8 + melBands * 201 * 4 + words
        bytes += head("encoder.positional_embedding", 2) + 4 * 1500 * state
        bytes += convolution("encoder.conv1", inputs: melBands) + convolution("encoder.conv2", inputs: state) + norm("encoder.ln_post")
        for number in 0..<audioLayers { bytes += block("encoder.blocks.\(number)", attentions: ["attn"]) }
        bytes += head("decoder.positional_embedding", 2) + 4 * 448 * state
        bytes += head("decoder.token_embedding.weight", 2) + matrix(vocabulary * state) + norm("decoder.ln")
        for number in 0..<textLayers { bytes += block("decoder.blocks.\(number)", attentions: ["attn", "cross_attn"]) }
        return Int64(bytes)
    }
}
