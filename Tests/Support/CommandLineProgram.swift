import Foundation
import Subprocess
import SystemPackage

/// A program to run to its end, with its arguments.
package struct CommandLineProgram: Sendable {
    /// The outcome of a program.
    package struct Outcome: Sendable {
        /// The exit code; -1 where a signal ended the program.
        package let code: Int
        package let output: String
        package let errorOutput: String
    }

    /// A program that failed, and why.
    package struct Failure: Error, CustomStringConvertible {
        let program: String
        let outcome: Outcome
        /// The program, its exit code and what it wrote to standard error.
        package var description: String { "\(program) ended with \(outcome.code): \(outcome.errorOutput.suffix(2000))" }
    }

    private let executable: Executable
    private let arguments: [String]
    private let environment: [String: String?]
    private let folder: FilePath?

    /// A program by name, looked up on the PATH, or by path; a variable that is nil is taken out of the environment.
    package init(_ program: String, _ arguments: [String], environment: [String: String?] = [:], folder: FilePath? = nil) {
        executable = program.contains("/") ? .path(FilePath(program)) : .name(program)
        self.arguments = arguments
        self.environment = environment
        self.folder = folder
    }

    /// Runs the program to its end; does not throw where the program fails.
    package func run() async throws -> Outcome {
        let result = try await Subprocess.run(
            executable,
            arguments: Arguments(arguments),
            environment: .inherit.updating(Self.changes(environment)),
            workingDirectory: folder,
            output: .bytes(limit: 64 << 20),
            error: .bytes(limit: 16 << 20)
        )
        var code = -1
        if case .exited(let status) = result.terminationStatus { code = Int(status) }
        return Outcome(
            code: code,
            output: String(decoding: result.standardOutput, as: UTF8.self),
            errorOutput: String(decoding: result.standardError, as: UTF8.self)
        )
    }

    /// Runs the program to its end and throws ``Failure`` where it fails.
    @discardableResult
    package func succeed() async throws -> Outcome {
        let outcome = try await run()
        guard outcome.code == 0 else { throw Failure(program: "\(executable)", outcome: outcome) }
        return outcome
    }

    /// Variables to set or, where they are nil, to remove, as the library expects them.
    static func changes(_ environment: [String: String?]) -> [Environment.Key: String?] {
        Dictionary(uniqueKeysWithValues: environment.map { (Environment.Key(stringLiteral: $0), $1) })
    }
}
