import CWhisper

/// The Silero network with its state after the stream so far, evaluated on one thread for many windows at a time.
///
/// The engine itself evaluates one window at a time, with the Fourier transform as a matrix and all numbers rounded to 16 bits in between.
/// This evaluation was measured to be three times as fast, and ten times as close to the exact result. The matrices are multiplied by the engine's
/// library, because that is compiled for the processor it runs on.
struct SileroNetwork: ~Copyable {
    /// Windows that are evaluated at once: a second of sound, the size of the decoder's pieces.
    static let portion = 32

    private let spectra = SileroSpectra()
    private let runner: GGMLGraphRunner<SileroTensors>
    private var graph: SileroGraph?

    /// A network in its initial state.
    init(_ weights: SileroWeights) throws(SpeechError) {
        runner = try GGMLGraphRunner(tensors: SileroTensors.count, steps: SileroGraph.capacity(windows: Self.portion)) {
            SileroTensors(in: $0, windows: Self.portion)
        }
        runner.tensors.fill(with: weights)
        reset()
    }

    /// Returns the network to its initial state.
    func reset() {
        for state in [runner.tensors.lastOutput, runner.tensors.cells] { ggml_backend_tensor_memset(state, 0, 0, ggml_nbytes(state)) }
    }

    /// The probability of speech in each window of the samples, which follow those of the call before; the last window is filled up with
    /// silence.
    mutating func probabilities(of samples: ArraySlice<Float>) throws(SpeechError) -> [Float] {
        var (rest, probabilities) = (samples, [Float]())
        while !rest.isEmpty {
            let portion = rest.prefix(Self.portion * SileroShape.window)
            probabilities += try evaluate(portion)
            rest = rest.dropFirst(portion.count)
        }
        return probabilities
    }

    private mutating func evaluate(_ samples: ArraySlice<Float>) throws(SpeechError) -> [Float] {
        let windows = (samples.count + SileroShape.window - 1) / SileroShape.window
        let filled = samples + [Float](repeating: 0, count: windows * SileroShape.window - samples.count)
        let graph = try graph(for: windows)
        let tensors = runner.tensors
        spectra.magnitudes(of: Array(filled)).withUnsafeBytes { ggml_backend_tensor_set(tensors.spectra, $0.baseAddress, 0, $0.count) }
        try runner.compute(graph.steps)
        Self.copy(from: tensors.outputs, column: windows - 1, to: tensors.lastOutput)
        Self.copy(from: tensors.cellOutputs, column: windows - 1, to: tensors.cells)
        return Self.numbers(of: graph.probabilities, 0..<windows)
    }

    /// The steps for at least this many windows, in powers of two, so that the steps of the portion before can mostly be reused.
    ///
    /// The result for a window does not depend on the windows after it.
    private mutating func graph(for windows: Int) throws(SpeechError) -> SileroGraph {
        var size = Self.portion
        while size / 2 >= windows { size /= 2 }
        if let graph, graph.windows == size { return graph }
        graph = nil
        guard let graph = SileroGraph(of: runner.tensors, windows: size, in: runner.clear()) else { throw .memoryUnavailable }
        try runner.provideMemory(for: graph.steps)
        self.graph = graph
        return graph
    }

    private static func copy(from outputs: EngineTensor, column: Int, to state: EngineTensor) {
        let size = SileroShape.hidden
        let numbers = numbers(of: outputs, column * size..<(column + 1) * size)
        ggml_backend_tensor_set(state, numbers, 0, size * MemoryLayout<Float>.size)
    }

    private static func numbers(of tensor: EngineTensor, _ range: Range<Int>) -> [Float] {
        [Float](unsafeUninitializedCapacity: range.count) { numbers, count in
            let size = MemoryLayout<Float>.size
            ggml_backend_tensor_get(tensor, numbers.baseAddress, range.lowerBound * size, range.count * size)
            count = range.count
        }
    }
}
