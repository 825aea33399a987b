import AsyncHTTPClient
import Basics
import Foundation
import NIOCore
import SystemPackage

/// Downloads models from a hub into a folder.
///
/// Bytes are written to a partial file, which is kept after interruptions and cancellations and when the process ends. It becomes the model
/// only after it was checked.
package struct ModelDownloader: Sendable {
    package static let officialHub = "https://huggingface.co"

    private let folder: FilePath
    private let hub: String
    private let environment: [String: String]
    private let limits: DownloadLimits

    /// A downloader into a folder, which is created when it is needed.
    ///
    /// - Parameters:
    ///   - hub: The address of the hub, or of a mirror with the same paths, as in MODEL_HUB_URL.
    ///   - environment: The variables HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY, in upper or lower case.
    package init(
        folder: FilePath,
        hub: String = officialHub,
        environment: [String: String] = ProcessInfo.processInfo.environment,
        limits: DownloadLimits = DownloadLimits()
    ) {
        self.folder = folder
        self.hub = hub
        self.environment = environment
        self.limits = limits
    }

    /// Downloads a model, checks it and stores it in the folder; returns its path. A model that is installed and intact is not downloaded again.
    ///
    /// If another download of the model is running, in this process or another, this one waits for it, reports its progress, and takes over
    /// if it fails. Cancelling the task ends the download at once; the received bytes are kept.
    /// - Parameters:
    ///   - force: Whether to download an installed model again; the old file stays until the new one is checked.
    ///   - onProgress: Called at most five times a second; the download waits for it. The bytes return to 0 if the hub cannot resume.
    /// - Throws: `DownloadError` or `CancellationError`.
    package func download(
        _ model: CatalogueModel,
        force: Bool = false,
        onProgress: @escaping @Sendable (DownloadProgress) async -> Void = { _ in }
    ) async throws -> FilePath {
        let destination = folder.appending(model.fileName)
        do {
            return try await fetch(model, to: destination, force: force, meter: ProgressMeter(onProgress))
        } catch let error as Errno {
            if error == .noSpace { throw DownloadError.diskFull(needed: limits.diskReserve, free: DiskSpace.free(at: folder) ?? 0) }
            throw DownloadError.cannotWrite(path: folder.string, reason: "\(error)")
        } catch let error as CocoaError {
            throw DownloadError.cannotWrite(path: folder.string, reason: error.localizedDescription)
        }
    }

    /// The progress of a running download of a model, in this process or another, by its partial file; nil if there is none.
    package func progressElsewhere(of model: CatalogueModel) -> DownloadProgress? {
        PartialFile.progressElsewhere(for: folder.appending(model.fileName))
    }

    private func fetch(_ model: CatalogueModel, to destination: FilePath, force: Bool, meter: ProgressMeter) async throws -> FilePath {
        let before = FileVersion(of: destination)
        if !force, try await Self.isWhole(destination) { return destination }
        let hub = try Hub(address: hub, proxies: ProxySettings(environment: environment), limits: limits)
        try await blocking { [folder] in
            try FileManager.default.createDirectory(atPath: folder.string, withIntermediateDirectories: true)
        }
        let part = try await lockPart(for: destination, meter: meter)
        defer {
            if part.length == 0 { part.remove() }
            part.close()
        }
        // The previous owner of the lock may have completed the download.
        if FileVersion(of: destination) != before, try await Self.isWhole(destination) { return destination }
        try await complete(part, of: model, from: hub, meter: meter)
        do {
            try await ModelCheck(part: part.path, sha1: model.sha1, sha256: part.origin?.sha256).run(meter: meter)
        } catch let error as DownloadError {
            // The bytes are wrong, so the next download must not resume from them.
            part.remove()
            throw error
        }
        Failpoint.reached("model.complete")
        try await part.keep()
        Failpoint.reached("model.kept")
        return destination
    }

    private static func isWhole(_ path: FilePath) async throws -> Bool {
        try await blocking { (try? ModelFile(path: path)) != nil }
    }

    private func lockPart(for destination: FilePath, meter: ProgressMeter) async throws -> PartialFile {
        while true {
            if let part = try await PartialFile.lock(for: destination) { return part }
            let other = try await blocking { PartialFile.progressOfOther(for: destination) }
            if let other { await meter.note(.waiting, bytes: other.bytes, total: other.total) }
            try await Task.sleep(for: limits.look)
        }
    }

    /// Downloads the missing bytes, in several attempts if necessary.
    private func complete(_ part: PartialFile, of model: CatalogueModel, from hub: Hub, meter: ProgressMeter) async throws {
        if part.origin == nil, part.length > 0 { try await part.restart(as: nil) }
        try requireRoom(for: part.origin?.size ?? model.sizeBytes, beside: part)
        await meter.note(.downloading, bytes: part.length, total: part.origin?.size ?? model.sizeBytes)
        var failures = 0
        var furthest = part.length
        var wasReached = false
        while part.origin?.size != part.length {
            do {
                return try await attempt(part, of: model, from: hub, meter: meter)
            } catch let interruption as Interruption {
                // Bytes that arrive again are no progress: a hub that always fails at the same offset would be retried for ever.
                if part.length > furthest { failures = 0 }
                furthest = max(furthest, part.length)
                failures += 1
                var asked: Duration?
                switch interruption {
                case .unreachable: break
                case .outOfRange:
                    try await part.restart(as: nil)
                    wasReached = true
                case .busy(_, let pause):
                    asked = pause
                    wasReached = true
                case .stalled, .broken: wasReached = true
                }
                guard failures < (wasReached ? limits.attempts : min(limits.attempts, limits.firstContacts)) else {
                    throw interruption.final(host: hub.host, limits: limits)
                }
                try await Task.sleep(for: limits.pause(afterFailures: failures, asked: asked))
            }
        }
    }

    private func requireRoom(for total: Int64, beside part: PartialFile) throws(DownloadError) {
        try DiskSpace.require(max(0, total) - part.length, reserve: limits.diskReserve, at: folder)
    }

    /// Sends one request and writes the bytes that arrive; returns when the file is complete.
    private func attempt(_ part: PartialFile, of model: CatalogueModel, from hub: Hub, meter: ProgressMeter) async throws {
        try await hub.withFile(of: model, from: part.origin.map { ($0, part.length) }) { answer in
            if answer.start == 0 || part.origin?.isSame(as: answer.file) != true || answer.start != part.length {
                try await part.restart(as: answer.file)
                guard answer.start == 0 else { throw Interruption.broken("the server sent another part of the file") }
            }
            let total = answer.file.size
            try requireRoom(for: total ?? model.sizeBytes, beside: part)
            do {
                for try await piece in answer.body {
                    try await part.append(piece)
                    await meter.note(.downloading, bytes: part.length, total: total)
                }
            } catch let error as Errno {
                throw error
            } catch {
                throw Interruption(amidstAnswer: error)
            }
            // The body of a cancelled request may end like a complete one.
            try Task.checkCancellation()
            if let total, part.length != total { throw Interruption.broken("\(part.length) of \(total) bytes arrived") }
        }
    }
}
