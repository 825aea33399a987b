import Foundation
import SystemPackage

/// Programs in Python, which run with the packages that `scripts/bootstrap --tests` installs.
package enum PythonProgram {
    /// A program by its text; its arguments are `sys.argv[1:]`.
    package static func text(_ text: String, _ arguments: [String] = []) -> CommandLineProgram {
        CommandLineProgram(interpreter.string, ["-c", text] + arguments)
    }

    private static let interpreter: FilePath = {
        let here = FilePath(URL(filePath: #filePath).resolvingSymlinksInPath().path)
        return here.removingLastComponent().removingLastComponent().removingLastComponent().appending(".tools/python/bin/python")
    }()
}
