import Archive
import Speech

extension WorkerDevice {
    /// What the engine calculates on: a graphics card if there is one, else the processor; nil where nothing was found.
    static let chosen: WorkerDevice? = {
        let devices = EngineDevice.all
        let device = devices.first { $0.name != "CPU" } ?? devices.first
        return device.map { WorkerDevice(name: $0.name, description: $0.description) }
    }()
}
