import Basics
import Foundation
import NIOCore
import SystemPackage

/// A style, script or image that pages load.
package struct PageFile: Sendable {
    /// The folder of files that the website's pages and the API's page share, with `styles`, `scripts` and `images`.
    package static let sharedFolder = FilePath(Bundle.module.bundlePath).appending("web")

    private static let mediaTypes = [
        "css": "text/css; charset=utf-8", "html": "text/html; charset=utf-8", "js": "text/javascript; charset=utf-8",
        "png": "image/png", "svg": "image/svg+xml", "webmanifest": "application/manifest+json",
    ]

    package let bytes: ByteBuffer
    package let mediaType: String
    /// The value for `ETag`, with its quotes; changes with the bytes.
    package let entityTag: String

    /// - Parameter kind: The extension of the file's name, such as `css`.
    package init(_ contents: Data, kind: String) {
        bytes = ByteBuffer(bytes: contents)
        mediaType = Self.mediaTypes[kind] ?? "application/octet-stream"
        entityTag = "\"\(String(stableHash(contents), radix: 16))\""
    }
}
