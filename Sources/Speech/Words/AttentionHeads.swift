import CWhisper
import ModelLibrary

/// The heads of a model's decoder that attend to the sound of the word that is decoded.
///
/// OpenAI published them for its models, and the engine has their numbers. For other models all heads of the upper layers were tried in their
/// place: on the demo model they time words three times worse than no heads at all.
enum AttentionHeads: Sendable, Hashable, CaseIterable {
    case tiny, tinyEnglish, base, baseEnglish, small, smallEnglish, medium, mediumEnglish, large1, large2, large3, turbo

    /// The heads of a model of these sizes; nil if it is not one of OpenAI's.
    ///
    /// - Parameter name: The file's name, by which alone large-v1 differs from large-v2.
    init?(_ sizes: ModelHeader, name: String) {
        let isEnglish = !sizes.isMultilingual
        switch (sizes.textState, sizes.audioLayers, sizes.textLayers) {
        case (384, 4, 4): self = isEnglish ? .tinyEnglish : .tiny
        case (512, 6, 6): self = isEnglish ? .baseEnglish : .base
        case (768, 12, 12): self = isEnglish ? .smallEnglish : .small
        case (1024, 24, 24): self = isEnglish ? .mediumEnglish : .medium
        case (1280, 32, 32) where sizes.vocabulary >= 51_866: self = .large3
        case (1280, 32, 32): self = name.contains("large-v1") ? .large1 : .large2
        case (1280, 32, 4): self = .turbo
        default: return nil
        }
    }

    /// The engine's number for them.
    var preset: whisper_alignment_heads_preset {
        switch self {
        case .tiny: WHISPER_AHEADS_TINY
        case .tinyEnglish: WHISPER_AHEADS_TINY_EN
        case .base: WHISPER_AHEADS_BASE
        case .baseEnglish: WHISPER_AHEADS_BASE_EN
        case .small: WHISPER_AHEADS_SMALL
        case .smallEnglish: WHISPER_AHEADS_SMALL_EN
        case .medium: WHISPER_AHEADS_MEDIUM
        case .mediumEnglish: WHISPER_AHEADS_MEDIUM_EN
        case .large1: WHISPER_AHEADS_LARGE_V1
        case .large2: WHISPER_AHEADS_LARGE_V2
        case .large3: WHISPER_AHEADS_LARGE_V3
        case .turbo: WHISPER_AHEADS_LARGE_V3_TURBO
        }
    }
}
