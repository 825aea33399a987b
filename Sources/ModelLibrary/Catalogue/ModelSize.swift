/// A size of Whisper, with what its models have in common.
enum ModelSize {
    case tiny, base, small, medium, large, turbo

    /// The size of a model by its full name.
    init(of name: String) {
        switch name.prefix(while: { $0.isLetter }) {
        case "tiny": self = .tiny
        case "base": self = .base
        case "small": self = .small
        case "medium": self = .medium
        default: self = name.contains("turbo") ? .turbo : .large
        }
    }

    /// From the table in the README of openai/whisper.
    var parameters: Int {
        switch self {
        case .tiny: 39_000_000
        case .base: 74_000_000
        case .small: 244_000_000
        case .medium: 769_000_000
        case .large: 1_550_000_000
        case .turbo: 809_000_000
        }
    }

    /// The speed relative to large, from the same table.
    var relativeSpeed: Double {
        switch self {
        case .tiny: 10
        case .base: 7
        case .small: 4
        case .medium: 2
        case .large: 1
        case .turbo: 8
        }
    }

    /// The memory for one transcription besides the weights, in bytes: the memory stated in whisper.cpp's README minus the size of the file.
    ///
    /// Turbo is not in that table. It has large's encoder and 4 of its 32 decoder layers; a layer's cache takes
    /// (512 + 1,536 positions) × 1,280 numbers × 2 (keys and values) × 2 bytes, so leaving out 28 layers saves 294 million bytes.
    var workingMemory: Int64 {
        switch self {
        case .tiny: 195_000_000
        case .base: 240_000_000
        case .small: 365_000_000
        case .medium: 570_000_000
        case .large: 805_000_000
        case .turbo: 511_000_000
        }
    }

    var speed: String {
        switch self {
        case .tiny: "fastest"
        case .base, .turbo: "very fast"
        case .small: "fast"
        case .medium: "slow"
        case .large: "slowest"
        }
    }

    var quality: String {
        switch self {
        case .tiny: "rough"
        case .base: "fair"
        case .small: "good"
        case .medium: "very good"
        case .turbo: "excellent"
        case .large: "best"
        }
    }

    var summary: String {
        switch self {
        case .tiny: "For first tests, and for slow machines."
        case .base: "For clear speech and quick results."
        case .small: "A good balance for everyday recordings."
        case .medium: "For difficult recordings and less common languages."
        case .turbo: "Almost as good as large and much faster; cannot translate."
        case .large: "The best text, if time does not matter."
        }
    }
}
