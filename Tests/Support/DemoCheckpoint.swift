import Crypto
import Foundation
import SystemPackage

/// The demo model as OpenAI's programs would store it, for tests of conversion.
package enum DemoCheckpoint {
    package static let folder = FilePath(Bundle.module.bundlePath).appending("checkpoint")
    /// A zip file with a pickle and 167 tensors of 16 bits.
    package static let path = folder.appending("demo.pt")
}

extension FilePath {
    /// The SHA-256 of the file in lower-case hexadecimal digits.
    package func sha256() throws -> String {
        SHA256.hash(data: try contents()).map { String(format: "%02x", $0) }.joined()
    }
}
