import Foundation
import SystemPackage

/// A recording that the demo model understands without a mistake, for trying an installation out.
package enum DemoSample {
    /// What is said in it.
    package static let text = "Close the file again."

    /// An mp3 file of two seconds; nil only if it was taken out of the installation.
    package static var path: FilePath? {
        let path = FilePath(Bundle.module.bundlePath).appending("demo").appending("sample.mp3")
        return FileManager.default.isReadableFile(atPath: path.string) ? path : nil
    }
}
