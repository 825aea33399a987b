import Configuration
import Foundation
import SystemPackage

/// The file with settings that the environment lacks: the one that `--env-file` or EARSHOT_ENV_FILE names, else `.env` in the data folder.
///
/// The current folder's `.env` is not read, because the folder may come from a stranger, who could name a database and a hub there.
enum SettingsFile {
    private static let variable = "EARSHOT_ENV_FILE"

    /// Chooses the file for this process and for the processes that it starts.
    static func choose(_ path: String) {
        setenv(variable, FilePath(path).absolute.string, 1)
    }

    /// Reads the file; one that is missing in the data folder is no error.
    static func provider() async throws -> EnvironmentVariablesProvider {
        let path = chosen ?? usual
        do {
            return try await EnvironmentVariablesProvider(environmentFilePath: path, allowMissing: chosen == nil)
        } catch {
            throw CommandError("The file of settings \(path) cannot be read: \(CommandError.explanation(of: error))")
        }
    }

    /// What to say about a `.env` in the current folder, which earlier versions read; nil if there is none, or if it is read.
    static var warning: String? {
        let old = FilePath(".env").absolute
        guard chosen == nil, old != usual, FileManager.default.fileExists(atPath: old.string) else { return nil }
        return "The file .env in the current folder is not read. To use it: earshot --env-file .env …, or move it to \(usual)."
    }

    private static var chosen: FilePath? {
        ProcessInfo.processInfo.environment[variable].flatMap { $0.isEmpty ? nil : FilePath($0).absolute }
    }

    private static var usual: FilePath {
        let data = ProcessInfo.processInfo.environment[Settings.list.dataFolder.name].flatMap { $0.isEmpty ? nil : FilePath($0) }
        return (data ?? Settings.list.dataFolder.defaultValue).absolute.appending(".env")
    }
}
