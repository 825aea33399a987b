import Basics
import Crypto
import Foundation
import SystemPackage

/// Packs installed models into a bundle.
package enum BundleWriter {
    /// Writes models into one file, which gets its name only when it is complete.
    ///
    /// - Parameter onProgress: Called every few megabytes, while models are checked and then while they are written.
    /// - Throws: `BundleError`, or `CancellationError` when the task is cancelled; no file is left then.
    package static func write(
        models: [InstalledModel],
        to destination: FilePath,
        onProgress: @Sendable (ModelBundle.Progress) async -> Void = { _ in }
    ) async throws {
        guard !models.isEmpty else { throw BundleError.strangeChoice("no model was chosen") }
        guard Set(models.map(\.name)).count == models.count else { throw BundleError.strangeChoice("a model was chosen twice") }
        let manifest = BundleManifest(models: try await describe(models, onProgress))
        try manifest.check()
        let total = manifest.models.reduce(0) { $0 + $1.bytes }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let list = [UInt8](try encoder.encode(manifest))
        let output = try await ModelBundle.work(on: destination) { try NewFile(for: destination) }
        do {
            let head = TarHead(name: BundleManifest.fileName, byteCount: Int64(list.count))
            try await ModelBundle.work(on: output.path) { try output.write(head.bytes + list + zeros(head.padding)) }
            var done: Int64 = 0
            for (model, entry) in zip(models, manifest.models) {
                let head = TarHead(name: entry.file, byteCount: entry.bytes)
                try await ModelBundle.work(on: output.path) { try output.write(head.bytes) }
                let before = done
                let digest = try await read(model, upTo: entry.bytes) { bytes in
                    try await ModelBundle.work(on: output.path) { try output.write(bytes) }
                    done += Int64(bytes.count)
                    await onProgress(ModelBundle.Progress(step: .writing, model: model.name, bytes: done, total: total))
                }
                // A model that changed in the meantime would make a bundle that cannot be installed.
                guard digest == entry.sha256, done - before == entry.bytes else {
                    throw BundleError.strangeChoice("“\(model.name)” changed while it was written")
                }
                try await ModelBundle.work(on: output.path) { try output.write(zeros(head.padding)) }
            }
            try await ModelBundle.work(on: output.path) {
                try output.write(zeros(2 * TarHead.blockBytes))
                try output.keep()
            }
        } catch {
            try? await blocking { output.discard() }
            throw error
        }
    }

    /// The models with their lengths and checksums; throws if one is not intact.
    private static func describe(_ models: [InstalledModel], _ onProgress: (ModelBundle.Progress) async -> Void) async throws
        -> [BundleManifest.Entry]
    {
        var files: [ModelFile] = []
        for model in models {
            do {
                files.append(try await ModelBundle.work(on: model.path) { try ModelFile(path: model.path) })
            } catch let error as ModelFileError {
                throw BundleError.model(model.name, error)
            }
        }
        let total = files.reduce(0) { $0 + $1.byteCount }
        var done: Int64 = 0
        var entries: [BundleManifest.Entry] = []
        for (model, file) in zip(models, files) {
            let digest = try await read(model, upTo: file.byteCount) { bytes in
                done += Int64(bytes.count)
                await onProgress(ModelBundle.Progress(step: .checking, model: model.name, bytes: done, total: total))
            }
            let name = BundleManifest.file(of: model.name)
            entries.append(BundleManifest.Entry(name: model.name, file: name, bytes: file.byteCount, sha256: digest))
        }
        return entries
    }

    /// Passes on the bytes of a model and returns their SHA-256 in hexadecimal digits.
    private static func read(_ model: InstalledModel, upTo length: Int64, _ consume: ([UInt8]) async throws -> Void) async throws -> String
    {
        let file = try await ModelBundle.work(on: model.path) { try FileDescriptor.openFile(model.path) }
        defer { try? file.close() }
        var hash = SHA256()
        try await ModelBundle.read(file, model.path, 0..<length) { bytes in
            hash.update(data: bytes)
            try await consume(bytes)
        }
        return hash.finalize().hexadecimal
    }

    private static func zeros(_ count: Int64) -> [UInt8] { [UInt8](repeating: 0, count: Int(count)) }
}
