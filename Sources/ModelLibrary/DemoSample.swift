import Foundation
import SystemPackage

/// A recording that the demo model recognizes without errors, to test an installation.
package enum DemoSample {
    package static let text = "Close the file again."

    /// An mp3 file of two seconds; nil only if it is missing from the installation.
    package static var path: FilePath? {
        let path = FilePath(Bundle.module.bundlePath).appending("demo").appending("sample.mp3")
        return FileManager.default.isReadableFile(atPath: path.string) ? path : nil
    }
}
