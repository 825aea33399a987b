extension ModelHeader {
    /// What one recognizer works in, in bytes, beside the weights: keys and values of the decoder's layers, and the engine's buffers.
    ///
    /// Keys and values take 2 × 2 bytes for each number of 512 own and 1,536 heard positions in each layer. The buffers are those that
    /// whisper.cpp 1.8.5 reports with attention in one go: 140 MB for base, which is 512 wide, and 309 MB for large, 1,280 wide; a line
    /// through both is taken for the others.
    package var workingMemory: Int64 {
        // A damaged file can state any size. No model's is beyond these, and their product fits.
        let (layers, width) = (min(max(0, textLayers), 256), min(max(0, textState), 1 << 20))
        let keysAndValues = 4 * layers * width * (512 + 1536)
        let buffers = 28_000_000 + 220_000 * min(max(0, audioState), 1 << 20)
        return Int64(keysAndValues + buffers)
    }
}
