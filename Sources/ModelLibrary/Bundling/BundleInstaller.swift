import Basics
import Crypto
import Foundation
import SystemPackage

/// Installs the models of a bundle.
package enum BundleInstaller {
    private static let largestManifest: Int64 = 1 << 20

    /// Installs the models of a bundle into a folder, which is created if it is missing.
    ///
    /// A model gets its name only after its checksum and its structure were checked. The bundle cannot choose paths: names are checked, and
    /// files that the list lacks are rejected.
    ///
    /// - Parameters:
    ///   - force: Whether installed models are replaced; otherwise they are skipped.
    ///   - onProgress: Called every few megabytes.
    /// - Returns: The names of the models that were installed.
    /// - Throws: `BundleError`, or `CancellationError` when the task is cancelled. Models that were installed before stay.
    package static func install(
        from bundle: FilePath,
        into folder: FilePath,
        force: Bool = false,
        onProgress: @Sendable (ModelBundle.Progress) async -> Void = { _ in }
    ) async throws -> [String] {
        let file = try await ModelBundle.work(on: bundle) { try FileDescriptor.openFile(bundle) }
        defer { try? file.close() }
        let (manifest, first) = try await ModelBundle.work(on: bundle) { try readManifest(file) }
        var position = first
        try manifest.check()
        try await makeFolder(folder)
        let total = manifest.models.reduce(0) { $0 + $1.bytes }
        var installed: [String] = []
        var done: Int64 = 0
        for entry in manifest.models {
            let start = position
            let head = try await ModelBundle.work(on: bundle) { try readHead(file, at: start) }
            guard head == TarHead(name: entry.file, byteCount: entry.bytes) else { throw BundleError.forbiddenName(head.name) }
            let range = start + TarHead.blockBytes..<start + TarHead.blockBytes + entry.bytes
            position = range.upperBound + head.padding
            let destination = folder.appending(entry.file)
            if force || !FileManager.default.fileExists(atPath: destination.string) {
                try await install(entry, to: destination) { consume in
                    try await ModelBundle.read(file, bundle, range) { bytes in
                        try await consume(bytes)
                        done += Int64(bytes.count)
                        await onProgress(ModelBundle.Progress(step: .installing, model: entry.name, bytes: done, total: total))
                    }
                }
                installed.append(entry.name)
            } else {
                done += entry.bytes
                await onProgress(ModelBundle.Progress(step: .installing, model: entry.name, bytes: done, total: total))
            }
        }
        return installed
    }

    /// Writes one model, and checks it before it gets its name.
    private static func install(
        _ entry: BundleManifest.Entry,
        to destination: FilePath,
        reading: (([UInt8]) async throws -> Void) async throws -> Void
    ) async throws {
        let output = try await ModelBundle.work(on: destination) { try NewFile(for: destination) }
        do {
            var hash = SHA256()
            try await reading { bytes in
                hash.update(data: bytes)
                try await ModelBundle.work(on: output.path) { try output.write(bytes) }
            }
            let digest = hash.finalize().hexadecimal
            guard digest == entry.sha256 else { throw BundleError.checksum(model: entry.name, expected: entry.sha256, got: digest) }
            try await ModelBundle.work(on: output.path) {
                _ = try ModelFile(path: output.path)
                try output.keep()
            }
        } catch {
            try? await blocking { output.discard() }
            if let error = error as? ModelFileError { throw BundleError.model(entry.name, error) }
            throw error
        }
    }

    /// The list of models, and the offset of the first one; blocks its thread.
    private static func readManifest(_ file: FileDescriptor) throws -> (BundleManifest, next: Int64) {
        guard let head = TarHead(try file.bytes(at: 0, count: Int(TarHead.blockBytes))), head.name == BundleManifest.fileName else {
            throw BundleError.notABundle
        }
        guard head.byteCount <= largestManifest else { throw BundleError.damaged("its list of models has an impossible size") }
        let list = Data(try file.bytes(at: TarHead.blockBytes, count: Int(head.byteCount)))
        guard let manifest = try? JSONDecoder().decode(BundleManifest.self, from: list) else {
            throw BundleError.damaged("its list of models cannot be read")
        }
        return (manifest, TarHead.blockBytes + head.byteCount + head.padding)
    }

    private static func readHead(_ file: FileDescriptor, at position: Int64) throws -> TarHead {
        guard let head = TarHead(try file.bytes(at: position, count: Int(TarHead.blockBytes))) else {
            throw BundleError.damaged("the head of a model at byte \(position) cannot be read")
        }
        return head
    }

    private static func makeFolder(_ folder: FilePath) async throws {
        do {
            try await blocking { try FileManager.default.createDirectory(atPath: folder.string, withIntermediateDirectories: true) }
        } catch {
            throw BundleError.file(folder.string, reason: error.localizedDescription)
        }
    }
}
