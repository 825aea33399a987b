import Basics
import Crypto
import Foundation
import SystemPackage

/// Checks that a downloaded file is the published model.
struct ModelCheck {
    let part: FilePath
    /// The published SHA-1 in hexadecimal digits; nil if there is none.
    let sha1: String?
    /// The SHA-256 that the hub reported, now or when the file was downloaded.
    let sha256: String?

    /// Throws `DownloadError.notAModel` or `.checksum`.
    func run(meter: ProgressMeter) async throws {
        // The header is checked first, because a sign-in page should not be reported as a wrong checksum.
        guard try await blocking({ [part] in try Self.hasHeader(part) }) else {
            throw DownloadError.notAModel(reason: "\(ModelFileError.notAModel)")
        }
        if let sha1 { try await compare(sha1, with: Insecure.SHA1(), meter: meter) }
        if let sha256 { try await compare(sha256, with: SHA256(), meter: meter) }
        do {
            _ = try await blocking { [part] in try ModelFile(path: part) }
        } catch let error as ModelFileError {
            throw DownloadError.notAModel(reason: "\(error)")
        }
    }

    private static func hasHeader(_ path: FilePath) throws -> Bool {
        let file = try FileDescriptor.open(path, .readOnly, options: [.closeOnExec])
        defer { try? file.close() }
        return ModelHeader(readFrom: file) != nil
    }

    /// Reads the file in stretches, between which the task can be cancelled.
    private func compare(_ expected: String, with function: some HashFunction & Sendable, meter: ProgressMeter) async throws {
        let file = try FileDescriptor.open(part, .readOnly, options: [.closeOnExec])
        defer { try? file.close() }
        let length = try file.length()
        var function = function
        var position: Int64 = 0
        await meter.note(.checking, bytes: 0, total: length)
        while position < length {
            try Task.checkCancellation()
            function = try await blocking { [function, position] in
                var function = function
                for start in stride(from: position, to: min(position + Self.stretch, length), by: Int(Self.piece)) {
                    function.update(data: try file.bytes(at: start, count: Int(min(Self.piece, length - start))))
                }
                return function
            }
            position = min(position + Self.stretch, length)
            await meter.note(.checking, bytes: position, total: length)
        }
        let got = function.finalize().hexadecimal
        guard got == expected.lowercased() else { throw DownloadError.checksum(expected: expected.lowercased(), got: got) }
    }

    private static let stretch: Int64 = 64 << 20
    private static let piece: Int64 = 1 << 20
}
