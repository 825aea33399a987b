import Archive
import Foundation
import Hummingbird
import ModelLibrary
import Postgres
import SystemPackage
import TestSupport

@testable import Server

/// The API's description and its routes, as the server has them.
enum TestDocument {
    /// The document as it is served.
    static func description() throws -> APIDescription {
        try APIDescription(Data(APIDocument(reading: folder).text.utf8))
    }

    /// The files that it is put together from: their place from the folder, and what they hold.
    static func parts() throws -> [(name: String, value: JSONValue)] {
        let names = try FileManager.default.subpathsOfDirectory(atPath: folder.string).filter { $0.hasSuffix(".json") }
        return try names.sorted().map { ($0, try JSONDecoder().decode(JSONValue.self, from: folder.appending($0).contents())) }
    }

    /// The routes of a server whose database is never used.
    static func routes() throws -> [String] {
        let database = Database("")
        let folder = try RecordingFolder(FilePath(NSTemporaryDirectory()).appending("routes-" + UUID().uuidString))
        let archive = Archive(database: database, folder: folder)
        let hub = EventHub(listener: NotificationListener(""))
        let models = ModelLibrary(folder: "/nowhere")
        let downloads = ModelDownloads(
            events: archive.events,
            workers: archive.workers,
            library: archive.library,
            hub: hub,
            models: models,
            downloader: ModelDownloader(folder: "/nowhere")
        )
        let settings = ServerSettings(version: "1", host: "127.0.0.1", port: 0)
        let server = Server(archive: archive, hub: hub, models: models, downloads: downloads, settings: settings)
        return try server.router().routes.map { "\($0.method) \($0.path)" }
    }

    private static let folder = RunningEarshot.executable.removingLastComponent().appending("earshot_Server.resources/openapi")
}
