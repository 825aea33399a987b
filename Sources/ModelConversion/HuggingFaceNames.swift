import ModelLibrary

/// The names and the order of the tensors in Hugging Face's programs.
///
/// Both are those of `WhisperForConditionalGeneration.state_dict()`, which whisper.cpp's converter uses.
enum HuggingFaceNames {
    /// The tensors of a model: the name at Hugging Face without the leading “model.”, and the name in ggml's format.
    static func all(_ header: ModelHeader) -> [(theirs: String, ours: String)] {
        encoder(layers: header.audioLayers) + decoder(layers: header.textLayers)
    }

    private static func encoder(layers: Int) -> [(theirs: String, ours: String)] {
        var names = ["conv1.weight", "conv1.bias", "conv2.weight", "conv2.bias"].map { ("encoder.\($0)", "encoder.\($0)") }
        names.append(("encoder.embed_positions.weight", "encoder.positional_embedding"))
        for layer in 0..<max(0, layers) {
            names += Self.layer("encoder", layer, attention("self_attn", "attn") + mlp)
        }
        return names + both("encoder.layer_norm", "encoder.ln_post")
    }

    private static func decoder(layers: Int) -> [(theirs: String, ours: String)] {
        var names = [
            ("decoder.embed_tokens.weight", "decoder.token_embedding.weight"),
            ("decoder.embed_positions.weight", "decoder.positional_embedding"),
        ]
        for layer in 0..<max(0, layers) {
            names += Self.layer("decoder", layer, attention("self_attn", "attn") + attention("encoder_attn", "cross_attn") + mlp)
        }
        return names + both("decoder.layer_norm", "decoder.ln")
    }

    private static func layer(_ half: String, _ index: Int, _ parts: [(String, String)]) -> [(theirs: String, ours: String)] {
        parts.map { ("\(half).layers.\(index).\($0)", "\(half).blocks.\(index).\($1)") }
    }

    private static func attention(_ theirs: String, _ ours: String) -> [(String, String)] {
        [("\(theirs).k_proj.weight", "\(ours).key.weight")]
            + both("\(theirs).v_proj", "\(ours).value") + both("\(theirs).q_proj", "\(ours).query")
            + both("\(theirs).out_proj", "\(ours).out") + both("\(theirs)_layer_norm", "\(ours)_ln")
    }

    private static let mlp = both("fc1", "mlp.0") + both("fc2", "mlp.2") + both("final_layer_norm", "mlp_ln")

    private static func both(_ theirs: String, _ ours: String) -> [(String, String)] {
        ["weight", "bias"].map { ("\(theirs).\($0)", "\(ours).\($0)") }
    }
}
