import ArgumentParser

/// The parts of Earshot that a process can run.
struct Roles: OptionSet {
    let rawValue: Int
    static let api = Roles(rawValue: 1)
    static let worker = Roles(rawValue: 2)
    static let website = Roles(rawValue: 4)
    static let all: Roles = [.api, .worker, .website]

    /// Reads the settings and runs the parts until SIGINT or SIGTERM.
    ///
    /// - Parameter isSupervised: Whether this process is the worker that another one supervises.
    func run(isSupervised: Bool = false) async throws {
        if !isSupervised, let warning = SettingsFile.warning { Terminal.say(warning) }
        let settings = try await Settings.load()
        if self == .worker, settings.databaseURL == nil {
            throw ValidationError("A separate worker needs DATABASE_URL, the database of the API. To run everything: earshot serve --all")
        }
        try await withProcessLogging(level: settings.logLevel) {
            OpenFiles.raiseLimit()
            try await Assembly(settings: settings, roles: self, isSupervised: isSupervised).runUntilStopped()
        }
    }
}
