import Archive
import Foundation
import Logging
import Postgres
import Server
import SystemPackage

/// The archive for a command that works on it directly, beside running processes or without them.
struct ArchiveAccess {
    let settings: Settings
    let database: Database
    let archive: Archive

    var serverSettings: ServerSettings { Assembly(settings: settings, roles: .api).serverSettings }

    /// Opens the database, a private one included, brings it up to date, does the work and closes it again.
    ///
    /// What goes wrong is explained on standard error.
    ///
    /// - Parameter connections: The largest number of connections to the database.
    static func open(connections: Int = 2, _ work: (ArchiveAccess) async throws -> Void) async throws {
        let settings = try await Settings.load()
        try await withProcessLogging(level: max(settings.logLevel, .warning)) {
            try await CommandError.explained {
                guard let url = settings.databaseURL else {
                    try FileManager.default.createDirectory(atPath: settings.dataFolder.string, withIntermediateDirectories: true)
                    let cluster = PrivateCluster(folder: settings.dataFolder.appending("postgres"))
                    let url = try await cluster.start()
                    do {
                        try await connect(to: url, connections, settings, work)
                    } catch {
                        await cluster.stop()
                        throw error
                    }
                    return await cluster.stop()
                }
                try await connect(to: url, connections, settings, work)
            }
        }
    }

    private static func connect(
        to url: String,
        _ connections: Int,
        _ settings: Settings,
        _ work: (ArchiveAccess) async throws -> Void
    ) async throws {
        let database = Database(url, connections: connections)
        do {
            try await database.waitUntilReady(timeout: .seconds(60))
            try await Archive.migrate(database)
            let archive = Archive(database: database, folder: try RecordingFolder(settings.uploadFolder))
            try await work(ArchiveAccess(settings: settings, database: database, archive: archive))
        } catch {
            await database.close()
            throw error
        }
        await database.close()
    }
}
