import Foundation
import SystemPackage

/// Programs in Python, which run with the packages that `scripts/bootstrap --tests` installs.
package enum PythonProgram {
    /// A program by its text; its arguments are `sys.argv[1:]`.
    package static func text(_ text: String, _ arguments: [String] = []) -> CommandLineProgram {
        CommandLineProgram(folder.appending("python").string, ["-c", text] + arguments)
    }

    /// A program of one of the packages, by its name; it finds modules in the folder in which it runs.
    package static func named(_ name: String, _ arguments: [String], folder place: FilePath) -> CommandLineProgram {
        CommandLineProgram(folder.appending(name).string, arguments, environment: ["PYTHONPATH": place.string], folder: place)
    }

    private static let folder: FilePath = {
        let here = FilePath(URL(filePath: #filePath).resolvingSymlinksInPath().path)
        return here.removingLastComponent().removingLastComponent().removingLastComponent().appending(".tools/python/bin")
    }()
}
