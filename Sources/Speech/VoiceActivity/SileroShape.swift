/// The sizes of the Silero network for voice activity, version 6, at 16 kHz.
///
/// A window of samples becomes four overlapping frames, each a spectrum of 129 magnitudes; four convolutions over time, each followed by
/// a rectifier, turn them into one vector, and from these vectors an LSTM and a last layer compute the probability of speech of each
/// window. The sizes are those of the published network (https://github.com/snakers4/silero-vad, 16 kHz branch of silero_vad.jit), as
/// the engine evaluates it (whisper.cpp, src/whisper.cpp, `whisper_vad_build_graph` and what it calls).
enum SileroShape {
    /// One convolution over time, with `taps` taps and one frame of silence at either end.
    struct Convolution: Hashable {
        let inputs: Int
        let outputs: Int
        let stride: Int

        /// The number of output frames for a number of input frames.
        func frames(of frames: Int) -> Int { (frames - 1) / stride + 1 }
    }

    /// Samples of one probability.
    static let window = 512

    /// Samples that are mirrored at either end of a window before it is cut into frames.
    static let margin = 64

    /// Samples in a frame, and from the beginning of one to that of the next.
    static let frame = 256
    static let hop = 128

    /// Frames in a window with its margins.
    static let frames = (window + 2 * margin - frame) / hop + 1

    /// Magnitudes in a spectrum.
    static let bins = frame / 2 + 1

    /// Input frames of one output of a convolution.
    static let taps = 3

    static let convolutions = [
        Convolution(inputs: bins, outputs: 128, stride: 1),
        Convolution(inputs: 128, outputs: 64, stride: 2),
        Convolution(inputs: 64, outputs: 64, stride: 2),
        Convolution(inputs: 64, outputs: hidden, stride: 1),
    ]

    /// The size of each of the LSTM's two states.
    static let hidden = 128

    /// The size of the LSTM's input, forget, cell and output gates, in this order.
    static let gates = 4 * hidden
}
