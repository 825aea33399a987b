import Synchronization
import SystemPackage

/// The model files whose structure this process has checked; each version of a file is checked once.
enum CheckedModels {
    private static let results = Mutex<[FilePath: (version: FileVersion, error: ModelFileError?)]>([:])

    /// Why the file at a path is not an intact model; nil if it is one. Reads it only if it is new or has changed.
    static func error(of path: FilePath) -> ModelFileError? {
        guard let version = FileVersion(of: path) else { return .unreadable("\(Errno.noSuchFileOrDirectory)") }
        if let known = results.withLock({ $0[path] }), known.version == version { return known.error }
        do throws(ModelFileError) {
            _ = try ModelFile(path: path)
            results.withLock { $0[path] = (version, nil) }
            return nil
        } catch {
            // A file that could not be read may be readable the next time.
            if case .unreadable = error { return error }
            results.withLock { $0[path] = (version, error) }
            return error
        }
    }
}

extension ModelFile {
    /// Throws if the file is not an intact model; the engine trusts what it reads, and a damaged file can end its process.
    ///
    /// Cheap enough to be called before every use: each version of a file is read once in each process.
    package static func check(_ path: FilePath) throws(ModelFileError) {
        if let error = CheckedModels.error(of: path) { throw error }
    }
}
