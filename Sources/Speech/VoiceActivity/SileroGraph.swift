import CWhisper

/// A tensor of the engine's library; the library ends the process rather than return none.
typealias EngineTensor = UnsafeMutablePointer<ggml_tensor>?

/// The tensors of the Silero network that stay from one portion of windows to the next: weights, state and inputs.
struct SileroTensors {
    struct Convolution {
        let shape: SileroShape.Convolution
        let weights: EngineTensor
        let bias: EngineTensor
        /// Its results for a portion: [outputs, frames, windows].
        let outputs: EngineTensor
    }

    let convolutions: [Convolution]
    let input: EngineTensor
    let recurrence: EngineTensor
    let gateBias: EngineTensor
    let head: EngineTensor
    let headBias: EngineTensor
    /// The LSTM's state after the windows before a portion: its last output, and its cells.
    let (lastOutput, cells): (EngineTensor, EngineTensor)
    /// The spectra of a portion: [bins, frames, windows].
    let spectra: EngineTensor
    /// The LSTM's state after each window of a portion, in columns.
    let (outputs, cellOutputs): (EngineTensor, EngineTensor)

    static var count: Int { 11 + 3 * SileroShape.convolutions.count }

    /// Describes the tensors, for at most `windows` windows at a time, in a context that holds no numbers yet.
    init(in context: OpaquePointer, windows: Int) {
        func tensor(_ sizes: Int...) -> EngineTensor {
            ggml_new_tensor(context, GGML_TYPE_F32, Int32(sizes.count), sizes.map(Int64.init))
        }
        var frames = SileroShape.frames
        var convolutions: [Convolution] = []
        for shape in SileroShape.convolutions {
            frames = shape.frames(of: frames)
            let weights = tensor(SileroShape.taps * shape.inputs, shape.outputs)
            let outputs = tensor(shape.outputs, frames, windows)
            convolutions.append(Convolution(shape: shape, weights: weights, bias: tensor(shape.outputs), outputs: outputs))
        }
        self.convolutions = convolutions
        input = tensor(SileroShape.hidden, SileroShape.gates)
        recurrence = tensor(SileroShape.hidden, SileroShape.gates)
        gateBias = tensor(SileroShape.gates)
        head = tensor(SileroShape.hidden)
        headBias = tensor(1)
        lastOutput = tensor(SileroShape.hidden)
        cells = tensor(SileroShape.hidden)
        spectra = tensor(SileroShape.bins, SileroShape.frames, windows)
        outputs = tensor(SileroShape.hidden, windows)
        cellOutputs = tensor(SileroShape.hidden, windows)
    }

    /// Fills in the weights, once there is memory for them.
    func fill(with weights: SileroWeights) {
        func fill(_ tensor: EngineTensor, _ numbers: [Float]) {
            ggml_backend_tensor_set(tensor, numbers, 0, numbers.count * MemoryLayout<Float>.size)
        }
        for (tensors, weights) in zip(convolutions, weights.convolutions) {
            fill(tensors.weights, weights.weights)
            fill(tensors.bias, weights.bias)
        }
        fill(input, weights.input)
        fill(recurrence, weights.recurrence)
        fill(gateBias, weights.gateBias)
        fill(head, weights.head)
        fill(headBias, weights.headBias)
    }
}

/// The steps from the spectra of some windows to their probabilities.
///
/// All but the LSTM's recurrence is computed for all windows at once. The layers are those of whisper.cpp's `whisper_vad_build_graph`,
/// but in 32-bit numbers throughout, and with the channels of a frame side by side, so that the input of a convolution is one piece of
/// memory and need not be gathered.
struct SileroGraph {
    /// The most steps and tensors: for each window, and besides.
    static func capacity(windows: Int) -> Int { 32 * windows + 128 }

    let steps: OpaquePointer
    /// The result: one number for each window.
    let probabilities: EngineTensor
    let windows: Int

    /// Describes the steps for a number of windows in `context`.
    init?(of tensors: SileroTensors, windows: Int, in context: OpaquePointer) {
        guard let steps = ggml_new_graph_custom(context, Self.capacity(windows: windows), false) else { return nil }
        (self.steps, self.windows) = (steps, windows)
        let builder = Builder(context: context, steps: steps, windows: windows)
        var (sound, frames) = (tensors.spectra, SileroShape.frames)
        for layer in tensors.convolutions {
            sound = builder.convolve(sound, frames: frames, with: layer)
            frames = layer.shape.frames(of: frames)
        }
        probabilities = builder.recur(over: sound, with: tensors)
        ggml_set_output(probabilities)
        ggml_build_forward_expand(steps, probabilities)
    }
}

/// Describes the steps for a number of windows.
private struct Builder {
    let context: OpaquePointer
    let steps: OpaquePointer
    let windows: Int

    /// A convolution with its rectifier: from [inputs, frames, windows] to [outputs, fewer frames, windows].
    ///
    /// Each frame of the result is computed for all windows at once, from the frames that exist: silence adds nothing.
    func convolve(_ sound: EngineTensor, frames: Int, with layer: SileroTensors.Convolution) -> EngineTensor {
        let (taps, inputs, rows) = (SileroShape.taps, layer.shape.inputs, layer.shape.outputs)
        let left = layer.shape.frames(of: frames)
        for frame in 0..<left {
            let first = frame * layer.shape.stride - 1
            let seen = max(0, first)..<min(frames, first + taps)
            let skipped = (seen.lowerBound - first) * inputs
            let weights = columns(layer.weights, seen.count * inputs, rows, every: taps * inputs, from: skipped)
            let visible = columns(sound, seen.count * inputs, windows, every: frames * inputs, from: seen.lowerBound * inputs)
            let outputs = columns(layer.outputs, rows, windows, every: left * rows, from: frame * rows)
            expand(ggml_cpy(context, ggml_mul_mat(context, weights, visible), outputs))
        }
        let outputs = columns(layer.outputs, rows, left * windows, every: rows)
        return ggml_relu(context, ggml_add(context, outputs, layer.bias))
    }

    /// The LSTM, step by step, and the layer that turns its outputs into probabilities: [1, windows].
    ///
    /// Hyperbolic tangents are computed as 2 sigmoid 2x - 1, which is faster here.
    func recur(over sound: EngineTensor, with tensors: SileroTensors) -> EngineTensor {
        let (hidden, gates) = (SileroShape.hidden, SileroShape.gates)
        let inputs = ggml_add(context, ggml_mul_mat(context, tensors.input, sound), tensors.gateBias)
        var (output, cells) = (tensors.lastOutput, tensors.cells)
        for window in 0..<windows {
            let remembered = ggml_mul_mat(context, tensors.recurrence, output)
            let sums = ggml_add(context, part(inputs, gates, from: window * gates), remembered)
            let opening = ggml_sigmoid(context, sums)
            let candidate = ggml_scale_bias(context, part(opening, hidden, from: 2 * hidden), 2, -1)
            let kept = ggml_mul(context, part(opening, hidden, from: hidden), cells)
            cells = ggml_add(context, kept, ggml_mul(context, part(opening, hidden), candidate))
            let bounded = ggml_scale_bias(context, ggml_sigmoid(context, ggml_scale(context, cells, 2)), 2, -1)
            output = ggml_mul(context, part(opening, hidden, from: 3 * hidden), bounded)
            expand(ggml_cpy(context, cells, part(tensors.cellOutputs, hidden, from: window * hidden)))
            expand(ggml_cpy(context, output, part(tensors.outputs, hidden, from: window * hidden)))
        }
        let outputs = ggml_relu(context, columns(tensors.outputs, hidden, windows, every: hidden))
        return ggml_sigmoid(context, ggml_add(context, ggml_mul_mat(context, tensors.head, outputs), tensors.headBias))
    }

    /// Adds a step to the graph although no later step refers to its result.
    private func expand(_ step: EngineTensor) {
        ggml_build_forward_expand(steps, step)
    }

    /// Some numbers of a tensor, side by side.
    private func part(_ tensor: EngineTensor, _ count: Int, from first: Int = 0) -> EngineTensor {
        ggml_view_1d(context, tensor, Int64(count), bytes(first))
    }

    /// Columns of a tensor: their length, their number and their distance.
    private func columns(_ tensor: EngineTensor, _ rows: Int, _ columns: Int, every: Int, from first: Int = 0) -> EngineTensor {
        ggml_view_2d(context, tensor, Int64(rows), Int64(columns), bytes(every), bytes(first))
    }

    private func bytes(_ numbers: Int) -> Int { numbers * MemoryLayout<Float>.size }
}
