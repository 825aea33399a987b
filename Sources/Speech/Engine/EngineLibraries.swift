import CWhisper
import Foundation

/// The libraries that the engine's build may be divided into, one for each family of processors and one for graphics cards.
enum EngineLibraries {
    /// Loads the libraries for this machine, once for the whole process; false if none fits, which means a broken installation.
    ///
    /// They are installed beside the program. A build in one piece has nothing to load. Left to itself, the engine would also load
    /// libraries of the current folder, which may come from a stranger.
    static func load() -> Bool { isLoaded }

    private static let isLoaded: Bool = {
        EngineLog.redirect()
        if ggml_backend_dev_count() == 0 { ggml_backend_load_all_from_path(folder) }
        return ggml_backend_dev_count() > 0
    }()

    /// The folder of the program, not of a link to it.
    private static var folder: String {
        URL(filePath: Bundle.main.executablePath ?? CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent().path
    }
}
