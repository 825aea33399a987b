import Foundation
import SystemPackage

extension FilePath {
    /// Whether there is a folder of this name.
    var isFolder: Bool {
        var isDirectory: ObjCBool = false
        return FileManager.default.fileExists(atPath: string, isDirectory: &isDirectory) && isDirectory.boolValue
    }

    /// The path from the root on.
    var absolute: FilePath {
        isAbsolute ? self : FilePath(FileManager.default.currentDirectoryPath).pushing(self)
    }
}
