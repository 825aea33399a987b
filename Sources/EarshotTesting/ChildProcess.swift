import Foundation
import SystemPackage

/// A program that runs beside the tests until it is told to end.
package actor ChildProcess {
    /// How a program came to its end.
    package enum End: Sendable, Equatable {
        /// By itself, with this exit code.
        case exited(Int)
        /// By this signal.
        case signalled(Int)
    }

    private let process = Process()
    private let log: FilePath

    /// Starts a program whose output goes to the end of a log file; a variable that is nil is taken out of the environment.
    package init(
        _ executable: FilePath,
        _ arguments: [String],
        environment: [String: String?] = [:],
        folder: FilePath? = nil,
        log: FilePath
    ) throws {
        self.log = log
        process.executableURL = URL(filePath: executable.string)
        process.arguments = arguments
        var variables = ProcessInfo.processInfo.environment
        for (name, value) in environment { variables[name] = value }
        process.environment = variables
        if let folder { process.currentDirectoryURL = URL(filePath: folder.string) }
        if !FileManager.default.fileExists(atPath: log.string) { FileManager.default.createFile(atPath: log.string, contents: nil) }
        let file = try FileHandle(forWritingTo: URL(filePath: log.string))
        try file.seekToEnd()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = file
        process.standardError = file
        try process.run()
        try file.close()
    }

    /// The process's number.
    package nonisolated var id: Int32 { process.processIdentifier }

    /// Whether it has not ended yet.
    package var isRunning: Bool { process.isRunning }

    /// Everything that it wrote.
    package nonisolated var output: String { (try? String(decoding: log.contents(), as: UTF8.self)) ?? "" }

    /// Sends a signal to the process alone, not to its children.
    package func send(_ signal: Int32) {
        guard process.isRunning else { return }
        kill(process.processIdentifier, signal)
    }

    /// Waits for the process to end and tells how it did.
    @discardableResult
    package func end(within limit: Duration) async throws -> End {
        try await eventually(within: limit) { !process.isRunning }
        let status = Int(process.terminationStatus)
        return process.terminationReason == .uncaughtSignal ? .signalled(status) : .exited(status)
    }

    /// Asks the process to end, and ends it after some seconds if it does not.
    package func stop(within limit: Duration = .seconds(15)) async {
        send(SIGTERM)
        if (try? await end(within: limit)) != nil { return }
        send(SIGKILL)
        _ = try? await end(within: .seconds(5))
    }
}
