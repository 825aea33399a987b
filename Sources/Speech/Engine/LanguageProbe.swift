import CWhisper
import Foundation
import ModelLibrary
import Transcripts

/// Reads from the engine what language the window that it encoded last is in, and how it was decoded.
struct LanguageProbe {
    let model: WhisperModel
    let state: OpaquePointer
    let threads: Int

    /// The number of segments that were decoded so far.
    var segmentCount: Int { Int(whisper_full_n_segments_from_state(state)) }

    /// Whether words are timed by the decoder's attention.
    var isAttentive: Bool { model.timing == .attention }

    /// The tokens for times of 0.02 to 0.16 seconds after a window's start.
    var earliestTimes: ClosedRange<Int> {
        let first = Int(whisper_token_beg(model.context))
        return first + 1...first + 8
    }

    /// The probabilities of the window's languages and of no speech; nil if the engine fails.
    ///
    /// As in OpenAI's `whisper`, both are read from the model's prediction after its start token: one step of the decoder.
    func languageProbabilities() -> LanguageProbabilities? {
        var start = whisper_token_sot(model.context)
        guard whisper_decode_with_state(model.context, state, &start, 1, 0, Int32(threads)) == 0,
            let first = whisper_get_logits_from_state(state)
        else { return nil }
        let logits = UnsafeMutableBufferPointer(start: first, count: model.sizes.vocabulary)
        // Otherwise the engine would read these values as the result of a step of its own.
        defer { logits.update(repeating: 0) }
        let tokens = model.sizes.isMultilingual ? (0..<model.sizes.languages).map { Int(whisper_token_lang(model.context, Int32($0))) } : []
        let languages = Self.softmax(tokens.map { logits[$0] })
        var values: [String: Double] = tokens.isEmpty ? ["en": 1] : [:]
        for (id, probability) in languages.enumerated() {
            guard let code = whisper_lang_str(Int32(id)) else { continue }
            values[String(cString: code)] = probability
        }
        return LanguageProbabilities(values: values, noSpeech: Self.share(of: Int(whisper_token_nosp(model.context)), in: logits))
    }

    private static func softmax(_ logits: [Float]) -> [Double] {
        guard let highest = logits.max() else { return [] }
        let powers = logits.map { exp(Double($0 - highest)) }
        let total = powers.reduce(0, +)
        return powers.map { $0 / total }
    }

    private static func share(of index: Int, in logits: UnsafeMutableBufferPointer<Float>) -> Double {
        let highest = logits.max() ?? 0
        let total = logits.reduce(0.0) { $0 + exp(Double($1 - highest)) }
        return exp(Double(logits[index] - highest)) / total
    }
}
