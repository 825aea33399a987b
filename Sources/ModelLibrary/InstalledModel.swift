import Foundation
import SystemPackage
import Transcripts

/// A model file on this machine.
package struct InstalledModel: Sendable, Hashable {
    /// The name, as in `--model NAME`.
    package let name: String
    package let path: FilePath
    /// Whether this is the model that comes with Earshot, which recognizes only some synthetic speech.
    package let isDemo: Bool

    /// The length of the file in bytes; nil if the file can't be accessed.
    package var sizeBytes: Int64? {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path.string)
        return (attributes?[.size] as? NSNumber)?.int64Value
    }

    static let demoName = "demo"

    /// The demo model; nil only if its file is missing from the installation.
    static let demo: InstalledModel? = {
        let path = FilePath(Bundle.module.bundlePath).appending("demo").appending("ggml-demo-q8_0.bin")
        guard FileManager.default.isReadableFile(atPath: path.string) else { return nil }
        return InstalledModel(name: demoName, path: path, isDemo: true)
    }()

    /// The header of the file; nil if the file does not begin like a model.
    package var header: ModelHeader? { Self.header(of: path) }

    /// The header of a file; nil if the file does not begin like a model.
    package static func header(of path: FilePath) -> ModelHeader? {
        guard let file = try? FileDescriptor.open(path, .readOnly, options: [.nonBlocking, .closeOnExec]) else { return nil }
        defer { try? file.close() }
        return ModelHeader(readFrom: file)
    }

    /// Throws if the model does not support an option. A file that is not a model passes; loading it fails later.
    package func check(_ options: TranscriptionOptions) throws(UnsupportedOption) {
        try header?.check(options)
    }

    /// The published SHA-1 of a file of this name; nil if none is published.
    package var publishedChecksum: String? { isDemo ? nil : Catalogue.model(named: name)?.sha1 }

    /// The SHA-256 that the hub stated when the file was downloaded; nil if it is unknown.
    package var rememberedChecksum: String? { RememberedChecksum(of: path).value }

    /// Compares the checksums of the file with those that are known, if any, and checks its structure.
    ///
    /// - Throws: `VerificationError`, `CancellationError`, or the system's error when the file can't be read.
    package func verify(onProgress: @escaping @Sendable (DownloadProgress) async -> Void = { _ in }) async throws {
        do {
            try await ModelCheck(part: path, sha1: publishedChecksum, sha256: rememberedChecksum).run(meter: ProgressMeter(onProgress))
        } catch DownloadError.checksum(let expected, let got) {
            throw VerificationError.otherChecksum(expected: expected, got: got)
        } catch DownloadError.notAModel(let reason) {
            throw VerificationError.broken(reason: reason)
        }
    }
}
