import Foundation
import Subprocess
import Synchronization
import SystemPackage

/// A program that runs beside the tests until they stop it.
package final class ChildProcess: Sendable {
    /// How a program ended.
    package enum End: Sendable, Equatable {
        /// By itself, with this exit code.
        case exited(Int)
        /// By this signal.
        case signalled(Int)
    }

    package let id: Int32
    private let log: FilePath
    private let state: State

    /// The state of the process; shared with the task that waits for its end.
    private final class State: Sendable {
        let end = Mutex<End?>(nil)
    }

    /// Starts a program whose output goes to the end of a log file; a variable that is nil is taken out of the environment.
    package static func start(
        _ executable: FilePath,
        _ arguments: [String],
        environment: [String: String?] = [:],
        folder: FilePath? = nil,
        log: FilePath
    ) async throws -> ChildProcess {
        let file = try SystemPackage.FileDescriptor.open(
            log,
            .writeOnly,
            options: [.append, .create, .closeOnExec],
            permissions: [.ownerReadWrite, .groupRead, .otherRead]
        )
        let state = State()
        let (started, continuation) = AsyncThrowingStream<Int32, any Error>.makeStream()
        // Unstructured, because the process outlives the function that starts it; it ends with the process.
        Task {
            do {
                let result = try await Subprocess.run(
                    .path(executable),
                    arguments: Arguments(arguments),
                    environment: .inherit.updating(CommandLineProgram.changes(environment)),
                    workingDirectory: folder,
                    input: .none,
                    output: .fileDescriptor(file, closeAfterSpawningProcess: true),
                    error: .combinedWithOutput
                ) { execution in
                    continuation.yield(execution.processIdentifier.value)
                }
                state.end.withLock { end in
                    switch result.terminationStatus {
                    case .exited(let code): end = .exited(Int(code))
                    case .signaled(let signal): end = .signalled(Int(signal))
                    }
                }
                continuation.finish()
            } catch {
                continuation.finish(throwing: error)
            }
        }
        for try await id in started { return ChildProcess(id: id, log: log, state: state) }
        throw CancellationError()
    }

    private init(id: Int32, log: FilePath, state: State) {
        self.id = id
        self.log = log
        self.state = state
    }

    /// Whether the process is running.
    package var isRunning: Bool { state.end.withLock { $0 == nil } }

    /// Everything that it wrote.
    package var output: String { (try? String(decoding: log.contents(), as: UTF8.self)) ?? "" }

    /// Sends a signal to the process alone, not to its children.
    package func send(_ signal: Int32) {
        state.end.withLock { end in
            if end == nil { _ = kill(id, signal) }
        }
    }

    /// Waits for the process to end and returns how it ended.
    @discardableResult
    package func end(within limit: Duration) async throws -> End {
        try await eventually(within: limit) { !isRunning }
        return state.end.withLock { $0 } ?? .exited(-1)
    }

    /// Asks the process to end, and ends it after some seconds if it does not.
    package func stop(within limit: Duration = .seconds(15)) async {
        send(SIGTERM)
        if (try? await end(within: limit)) != nil { return }
        send(SIGKILL)
        _ = try? await end(within: .seconds(5))
    }
}
