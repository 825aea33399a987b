import Foundation
import SystemPackage

extension FilePath {
    /// Whether the path is an existing folder.
    var isFolder: Bool {
        var isDirectory: ObjCBool = false
        return FileManager.default.fileExists(atPath: string, isDirectory: &isDirectory) && isDirectory.boolValue
    }

    /// The path from the root of the file system.
    var absolute: FilePath {
        isAbsolute ? self : FilePath(FileManager.default.currentDirectoryPath).pushing(self)
    }
}
