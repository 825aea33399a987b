import SystemPackage

/// What is wrong with a model's file.
package enum VerificationError: Error, Hashable, CustomStringConvertible {
    /// It is not the published one; checksums in hexadecimal digits.
    case otherChecksum(expected: String, got: String)
    /// It is damaged or none at all, and why.
    case broken(reason: String)

    package var description: String {
        switch self {
        case .otherChecksum(let expected, let got):
            "not the published file: its SHA-1 is \(got), the published one's \(expected). Download it again with --force."
        case .broken(let reason): reason
        }
    }
}

extension InstalledModel {
    /// The published SHA-1 of a file of this name; nil if none is published.
    package var publishedChecksum: String? { isDemo ? nil : Catalogue.model(named: name)?.sha1 }

    /// Reads the whole file and compares its checksum with the published one, if there is one, and checks its structure.
    ///
    /// - Throws: `VerificationError`, `CancellationError`, or the system's error when the file can't be read.
    package func verify(onProgress: @escaping @Sendable (DownloadProgress) async -> Void = { _ in }) async throws {
        do {
            try await ModelCheck(part: path, sha1: publishedChecksum, sha256: nil).run(meter: ProgressMeter(onProgress))
        } catch DownloadError.checksum(let expected, let got) {
            throw VerificationError.otherChecksum(expected: expected, got: got)
        } catch DownloadError.notAModel(let reason) {
            throw VerificationError.broken(reason: reason)
        }
    }
}
