import Crypto
import Foundation
import SystemPackage
import TestSupport

@testable import ModelLibrary

/// A hub with one model, and an empty model folder.
struct DownloadScene: Sendable {
    let hub: LocalHub
    let folder: FilePath

    /// The model on the hub: the demo model's file under another name.
    static let payload: Data = {
        guard let path = try? ModelLibrary(folder: "/nowhere").model(named: "demo").path else { return Data() }
        return (try? path.contents()) ?? Data()
    }()

    /// Runs work with a hub and a folder.
    static func play(_ work: @Sendable (DownloadScene) async throws -> Void) async throws {
        try await LocalHub.with { hub in
            try await TemporaryFolder.with { folder in
                let scene = DownloadScene(hub: hub, folder: folder)
                hub.put(payload, at: hubPath)
                try await work(scene)
            }
        }
    }

    static let hubPath = "ggerganov/whisper.cpp/resolve/main/ggml-trial.bin"

    /// The entry of the model, by default with the correct SHA-1.
    static func model(sha1: String? = sha1(of: payload), sizeBytes: Int64 = Int64(payload.count)) -> CatalogueModel {
        CatalogueModel(
            name: "trial",
            sizeBytes: sizeBytes,
            memoryBytes: sizeBytes,
            sha1: sha1,
            parameters: 1,
            relativeSpeed: 1,
            speed: "",
            quality: "",
            summary: "",
            canTranslate: false,
            languages: 1,
            quantization: nil
        )
    }

    static func sha1(of data: Data) -> String {
        Insecure.SHA1.hash(data: data).map { String(format: "%02x", $0) }.joined()
    }

    /// Short pauses, so that failures are fast.
    static let limits: DownloadLimits = {
        var limits = DownloadLimits()
        limits.attempts = 4
        limits.firstPause = .milliseconds(2)
        limits.longestPause = .milliseconds(10)
        limits.look = .milliseconds(5)
        limits.diskReserve = 1 << 20
        return limits
    }()

    func downloader(limits: DownloadLimits = limits, at address: String? = nil, environment: [String: String] = [:]) -> ModelDownloader {
        ModelDownloader(folder: folder, hub: address ?? hub.address, environment: environment, limits: limits)
    }

    /// Downloads the model.
    @discardableResult
    func download(_ model: CatalogueModel = model(), force: Bool = false, limits: DownloadLimits = limits) async throws -> FilePath {
        try await downloader(limits: limits).download(model, force: force)
    }

    /// The path of the model.
    var destination: FilePath { folder.appending("ggml-trial.bin") }

    /// The names in the folder.
    func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.string).sorted()
    }

    /// The bytes of the partial file.
    func part() throws -> Data { try folder.appending("ggml-trial.bin.part").contents() }
}

/// Records the progress of a download, and lets tests wait for it.
actor ProgressNotes {
    private(set) var all: [DownloadProgress] = []

    func add(_ progress: DownloadProgress) {
        all.append(progress)
    }

    /// Waits for such a report; an earlier one counts.
    func wait(for isIt: (DownloadProgress) -> Bool) async throws {
        try await eventually { all.contains(where: isIt) }
    }
}
