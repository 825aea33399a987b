import CWhisper
import Foundation

/// The weights of the Silero network, read from the engine's file format and laid out for `SileroNetwork`.
///
/// The format is that of whisper.cpp's models/convert-silero-vad-to-ggml.py: a header of sizes, then tensors until the end, each with its
/// number of dimensions, length of name, type, dimensions (the fastest first), name and numbers; all integers 32-bit little-endian.
struct SileroWeights {
    /// One convolution's weights: for each output a row of `taps` frames of inputs.
    struct Convolution {
        let weights: [Float]
        let bias: [Float]
    }

    let convolutions: [Convolution]
    /// The LSTM's weights of its input, and of its output of the step before: for each gate a row of `hidden` numbers. Those of the
    /// cell gate are doubled.
    let input: [Float]
    let recurrence: [Float]
    let gateBias: [Float]
    /// The last layer's weights of the LSTM's output.
    let head: [Float]
    let headBias: [Float]

    /// Reads the file at `path`; throws `voiceActivityUnreadable` if it is missing or damaged.
    init(path: String) throws(SpeechError) {
        guard let file = FileManager.default.contents(atPath: path) else { throw .voiceActivityUnreadable(path: path) }
        do {
            try self.init(file: [UInt8](file))
        } catch {
            throw .voiceActivityUnreadable(path: path)
        }
    }

    private init(file: [UInt8]) throws(SileroFile.Damage) {
        let tensors = try SileroFile(file).tensors
        func numbers(_ name: SileroFile.Name) throws(SileroFile.Damage) -> [Float] {
            guard let numbers = tensors[name] else { throw SileroFile.Damage() }
            return numbers
        }
        var convolutions: [Convolution] = []
        for (index, shape) in SileroShape.convolutions.enumerated() {
            let weights = Self.frameByFrame(try numbers(.convolutionWeight(index)), shape)
            convolutions.append(Convolution(weights: weights, bias: try numbers(.convolutionBias(index))))
        }
        self.convolutions = convolutions
        input = Self.doubled(try numbers(.input))
        recurrence = Self.doubled(try numbers(.recurrence))
        gateBias = Self.doubled(zip(try numbers(.inputBias), try numbers(.recurrenceBias)).map { $0 + $1 })
        head = try numbers(.head)
        headBias = try numbers(.headBias)
    }

    /// Doubles the weights of the third gate, so that its hyperbolic tangent can be computed with the others' sigmoid: tanh x = 2 sigmoid 2x - 1.
    private static func doubled(_ weights: [Float]) -> [Float] {
        let quarter = weights.count / 4
        return weights[..<(2 * quarter)] + weights[(2 * quarter)..<(3 * quarter)].map { 2 * $0 } + weights[(3 * quarter)...]
    }

    /// Turns each output's row from all taps of one input after the other into all inputs of one tap after the other.
    private static func frameByFrame(_ weights: [Float], _ shape: SileroShape.Convolution) -> [Float] {
        let (taps, inputs) = (SileroShape.taps, shape.inputs)
        return [Float](unsafeUninitializedCapacity: weights.count) { turned, count in
            weights.withUnsafeBufferPointer { weights in
                var place = 0
                for output in 0..<shape.outputs {
                    for tap in 0..<taps {
                        var source = output * inputs * taps + tap
                        for _ in 0..<inputs {
                            turned[place] = weights[source]
                            place += 1
                            source += taps
                        }
                    }
                }
            }
            count = weights.count
        }
    }
}
