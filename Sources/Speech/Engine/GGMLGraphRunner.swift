import CWhisper

/// Runs ggml graphs on the current thread: holds the memory of the tensors that stay, and of the steps of one computation.
struct GGMLGraphRunner<Tensors>: ~Copyable {
    /// The tensors that stay.
    let tensors: Tensors

    private let processor: OpaquePointer
    private let lasting: OpaquePointer
    private let memory: OpaquePointer
    private let passing: OpaquePointer
    private let allocator: OpaquePointer

    /// A runner for `tensors` tensors that stay, which `describe` creates, and at most `steps` steps in a computation.
    init(tensors: Int, steps: Int, describe: (_ context: OpaquePointer) -> Tensors) throws(SpeechError) {
        guard EngineLibraries.load() else { throw .noProcessor }
        let descriptions = ggml_graph_overhead_custom(steps, false) + steps * ggml_tensor_overhead()
        let processor = ggml_backend_init_by_type(GGML_BACKEND_DEVICE_TYPE_CPU, nil)
        let allocator = processor.flatMap { ggml_gallocr_new(ggml_backend_get_default_buffer_type($0)) }
        let lasting = ggml_init(.init(mem_size: tensors * ggml_tensor_overhead(), mem_buffer: nil, no_alloc: true))
        let passing = ggml_init(.init(mem_size: descriptions, mem_buffer: nil, no_alloc: true))
        let described = lasting.map(describe)
        let memory = processor.flatMap { ggml_backend_alloc_ctx_tensors(lasting, $0) }
        guard let processor, let allocator, let lasting, let passing, let described, let memory else {
            Self.free(processor, allocator, lasting, passing, memory)
            throw .memoryUnavailable
        }
        (self.processor, self.allocator, self.lasting, self.passing, self.memory) = (processor, allocator, lasting, passing, memory)
        self.tensors = described
        ggml_backend_buffer_clear(memory, 0)
        useOneThread()
    }

    deinit {
        Self.free(processor, allocator, lasting, passing, memory)
    }

    /// Each of these functions accepts nil.
    private static func free(
        _ processor: OpaquePointer?,
        _ allocator: OpaquePointer?,
        _ lasting: OpaquePointer?,
        _ passing: OpaquePointer?,
        _ memory: OpaquePointer?
    ) {
        ggml_gallocr_free(allocator)
        ggml_backend_buffer_free(memory)
        ggml_backend_free(processor)
        ggml_free(passing)
        ggml_free(lasting)
    }

    /// An empty context in which to describe a computation; the computation before is discarded.
    func clear() -> OpaquePointer {
        ggml_reset(passing)
        return passing
    }

    /// Allocates memory for the results of the steps, which must be described in the context that `clear` returned.
    func provideMemory(for steps: OpaquePointer) throws(SpeechError) {
        guard ggml_gallocr_alloc_graph(allocator, steps) else { throw .memoryUnavailable }
    }

    /// Runs all steps on the current thread.
    func compute(_ steps: OpaquePointer) throws(SpeechError) {
        let status = ggml_backend_graph_compute(processor, steps)
        guard status == GGML_STATUS_SUCCESS else { throw .engineFailed(code: status.rawValue) }
    }

    /// The engine's default is four threads. Where the processor's code is a library of its own, the function can only be found by name.
    private func useOneThread() {
        let registry = ggml_backend_dev_backend_reg(ggml_backend_get_device(processor))
        guard let address = ggml_backend_reg_get_proc_address(registry, "ggml_backend_set_n_threads") else { return }
        unsafeBitCast(address, to: (@convention(c) (OpaquePointer?, Int32) -> Void).self)(processor, 1)
    }
}
