import CWhisper

/// What the engine can calculate on: the processor, and graphics cards for which a driver is there.
package struct EngineDevice: Sendable, Hashable {
    /// The engine's short name: "CPU", "CUDA0".
    package let name: String
    /// What the device calls itself: "NVIDIA GeForce RTX 4090".
    package let description: String

    /// Every device that was found on this machine.
    package static var all: [EngineDevice] {
        EngineParts.areLoaded ? (0..<ggml_backend_dev_count()).compactMap { EngineDevice(ggml_backend_dev_get($0)) } : []
    }

    private init?(_ device: ggml_backend_dev_t?) {
        guard let device, let name = ggml_backend_dev_name(device) else { return nil }
        self.name = String(cString: name)
        description = ggml_backend_dev_description(device).map { String(cString: $0) } ?? ""
    }
}

/// The libraries that the engine's build may be divided into, one for each family of processors and one for graphics cards.
enum EngineParts {
    /// Loads those that suit this machine, once for the whole process; false if there is none, which means a broken installation.
    ///
    /// They lie beside the program. A build in one piece has nothing to load.
    static let areLoaded: Bool = {
        _ = EngineLog.isRedirected
        if ggml_backend_dev_count() == 0 { ggml_backend_load_all() }
        return ggml_backend_dev_count() > 0
    }()
}
