/// The tensors of a model with given sizes, as the engine expects them.
package struct ModelLayout: Sendable {
    /// The role of a tensor, which determines how a file stores it.
    package enum Role: Sendable, Hashable {
        /// A matrix of weights, stored in the type of the file.
        case matrix
        /// The weights of a convolution: 16 bits, or 32 in a file of 32 bits.
        case convolution
        /// Everything small: always 32 bits.
        case vector

        /// How a file whose matrices have the given type stores a tensor of this role.
        package func type(matrixType: TensorType) -> TensorType {
            switch self {
            case .matrix: matrixType
            case .convolution: matrixType == .f32 ? .f32 : .f16
            case .vector: .f32
            }
        }
    }

    /// The role and shape that the engine expects of a tensor.
    package struct Slot: Sendable, Hashable {
        package let role: Role
        /// The sizes of the dimensions, the one with adjacent numbers first.
        package let shape: [Int]
    }

    package let slots: [String: Slot]

    /// The width of every attention head.
    private static let headWidth = 64

    /// The vocabularies with which the engine computes the tokens of languages and times: English-only, up to large-v2, since large-v3.
    ///
    /// With others it numbers tokens that do not exist.
    private static let vocabularies = 51_864...51_866

    /// The tensors for these sizes; nil for sizes that no model has.
    package init?(_ header: ModelHeader) {
        let width = header.textState
        let sizes = [header.audioContext, header.textContext, header.melBands, width]
        guard
            sizes.allSatisfy({ (1...1 << 20).contains($0) }), header.audioState == width,
            (1...256).contains(header.audioLayers), (1...256).contains(header.textLayers),
            header.audioHeads * Self.headWidth == width, header.textHeads * Self.headWidth == width,
            Self.vocabularies.contains(header.vocabulary),
            // The engine encodes half a minute at a time, and needs room for a prompt besides the text.
            header.audioContext == 1500, header.textContext >= 64
        else { return nil }
        var slots: [String: Slot] = [
            "encoder.positional_embedding": Slot(role: .vector, shape: [width, header.audioContext]),
            "encoder.conv1.weight": Slot(role: .convolution, shape: [3, header.melBands, width]),
            "encoder.conv1.bias": Slot(role: .vector, shape: [1, width]),
            "encoder.conv2.weight": Slot(role: .convolution, shape: [3, width, width]),
            "encoder.conv2.bias": Slot(role: .vector, shape: [1, width]),
            "decoder.positional_embedding": Slot(role: .vector, shape: [width, header.textContext]),
            "decoder.token_embedding.weight": Slot(role: .matrix, shape: [width, header.vocabulary]),
        ]
        slots.add(vectors: ["encoder.ln_post.weight", "encoder.ln_post.bias", "decoder.ln.weight", "decoder.ln.bias"], width)
        for layer in 0..<header.audioLayers {
            slots.addLayer("encoder.blocks.\(layer)", attentions: ["attn"], width)
        }
        for layer in 0..<header.textLayers {
            slots.addLayer("decoder.blocks.\(layer)", attentions: ["attn", "cross_attn"], width)
        }
        self.slots = slots
    }
}

extension [String: ModelLayout.Slot] {
    fileprivate mutating func add(vectors names: [String], _ width: Int) {
        for name in names { self[name] = ModelLayout.Slot(role: .vector, shape: [width]) }
    }

    fileprivate mutating func add(matrix name: String, _ shape: [Int]) {
        self[name] = ModelLayout.Slot(role: .matrix, shape: shape)
    }

    fileprivate mutating func addLayer(_ layer: String, attentions: [String], _ width: Int) {
        for attention in attentions {
            for part in ["query", "key", "value", "out"] { add(matrix: "\(layer).\(attention).\(part).weight", [width, width]) }
            // Keys have no bias, because it would have no effect.
            add(vectors: ["query", "value", "out"].map { "\(layer).\(attention).\($0).bias" }, width)
            add(vectors: ["\(layer).\(attention)_ln.weight", "\(layer).\(attention)_ln.bias"], width)
        }
        add(matrix: "\(layer).mlp.0.weight", [width, 4 * width])
        add(matrix: "\(layer).mlp.2.weight", [4 * width, width])
        add(vectors: ["\(layer).mlp.0.bias"], 4 * width)
        add(vectors: ["\(layer).mlp.2.bias", "\(layer).mlp_ln.weight", "\(layer).mlp_ln.bias"], width)
    }
}
