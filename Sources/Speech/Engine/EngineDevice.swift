import CWhisper

/// A device that the engine can compute on: the processor, or a graphics card whose driver is installed.
package struct EngineDevice: Sendable, Hashable {
    /// The engine's short name: "CPU", "CUDA0".
    package let name: String
    /// The device's own name: "NVIDIA GeForce RTX 4090".
    package let description: String

    /// Every device that was found on this machine.
    package static var all: [EngineDevice] {
        EngineLibraries.load() ? (0..<ggml_backend_dev_count()).compactMap { EngineDevice(ggml_backend_dev_get($0)) } : []
    }

    /// The device that the engine computes on: a graphics card if one was found, else the processor; nil if no device was found.
    package static let used: EngineDevice? = all.first { $0.name != "CPU" } ?? all.first

    private init?(_ device: ggml_backend_dev_t?) {
        guard let device, let name = ggml_backend_dev_name(device) else { return nil }
        self.name = String(cString: name)
        description = ggml_backend_dev_description(device).map { String(cString: $0) } ?? ""
    }
}
