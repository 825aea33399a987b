import CWhisper

/// The libraries that the engine's build may be divided into, one for each family of processors and one for graphics cards.
enum EngineLibraries {
    /// Loads the libraries for this machine, once for the whole process; false if none fits, which means a broken installation.
    ///
    /// They are installed beside the program. A build in one piece has nothing to load.
    static func load() -> Bool { isLoaded }

    private static let isLoaded: Bool = {
        EngineLog.redirect()
        if ggml_backend_dev_count() == 0 { ggml_backend_load_all() }
        return ggml_backend_dev_count() > 0
    }()
}
