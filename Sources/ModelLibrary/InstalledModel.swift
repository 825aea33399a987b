import Foundation
import SystemPackage

/// A model file that is here.
package struct InstalledModel: Sendable, Hashable {
    /// Its name, as in `--model NAME`.
    package let name: String
    package let path: FilePath
    /// Whether this is the model that comes with Earshot and knows only a little synthetic speech.
    package let isDemo: Bool

    /// The length of the file in bytes; nil if it can't be told.
    package var sizeBytes: Int64? {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path.string)
        return (attributes?[.size] as? NSNumber)?.int64Value
    }

    static let demoName = "demo"

    /// The demo model; nil only if its file was taken out of the installation.
    static let demo: InstalledModel? = {
        let path = FilePath(Bundle.module.bundlePath).appending("demo").appending("ggml-demo-q8_0.bin")
        guard FileManager.default.isReadableFile(atPath: path.string) else { return nil }
        return InstalledModel(name: demoName, path: path, isDemo: true)
    }()
}
