import Archive
import Basics
import Foundation
import Logging
import ServiceLifecycle
import Subprocess
import SystemPackage

/// Runs a worker as a child process, so that a crash of the speech engine ends neither the API nor the website.
///
/// A child that dies is started again after a growing pause. Its jobs are given back at once, and the one that must have been the cause is
/// counted.
package struct WorkerProcess: Service {
    private let queue: JobQueue
    private let registry: WorkerRegistry
    private let machine: String
    private let executable: FilePath
    private let arguments: [String]
    private let environment: [String: String]
    private let stopGrace: Duration

    /// How long a worker may take to return its jobs when its grace is over; then it is killed.
    private static let stopReserve = Duration.seconds(15)

    /// - Parameters:
    ///   - machine: The first part of the name of the machine's workers, before the number of the process.
    ///   - executable: The program, which must call `ParentWatch.start`.
    ///   - environment: What is added to the environment of this process. Secrets belong here, because other users can read arguments.
    ///   - stopGrace: How long a worker that is stopped may take to finish its blocks.
    package init(
        queue: JobQueue,
        registry: WorkerRegistry,
        machine: String,
        executable: FilePath = Self.thisProgram,
        arguments: [String],
        environment: [String: String],
        stopGrace: Duration
    ) {
        self.queue = queue
        self.registry = registry
        self.machine = machine
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
        self.stopGrace = stopGrace
    }

    /// The name of the worker in a process.
    package static func name(machine: String, process: Int32) -> String { "\(machine)/\(process)" }

    /// This program, even if its file was replaced since it was started.
    package static var thisProgram: FilePath {
        #if os(Linux)
            "/proc/self/exe"
        #else
            FilePath(Bundle.main.executablePath ?? CommandLine.arguments[0])
        #endif
    }

    /// Keeps a worker running until graceful shutdown, which it passes on (SIGTERM).
    package func run() async throws {
        var pause = RestartPause()
        while !isStopping {
            let began = ContinuousClock.now
            let end = await runChild()
            let death = isStopping ? nil : end.death
            if !isStopping {
                Logger.current.error(
                    "The worker process ended; it is started again",
                    metadata: ["worker": "\(end.worker ?? "none")", "reason": "\(end.reason)"]
                )
            }
            if let worker = end.worker { await settle(worker, after: death) }
            let time = pause.pause(afterRunning: .now - began)
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: time) }
        }
    }

    private var isStopping: Bool { Task.isCancelled || Task.isShuttingDownGracefully }

    /// How a child ended.
    private struct End {
        /// Its name; nil if it could not be started.
        var worker: String?
        var death: WorkerDeath?
        var reason: String
    }

    /// Starts a child and waits for its end; asks it to end when this process is to stop.
    private func runChild() async -> End {
        await withTaskGroup(of: End?.self) { group in
            group.addTask { await child() }
            group.addTask {
                try? await gracefulShutdown()
                return nil
            }
            let first = await group.next() ?? nil
            // Stops the child unless it has ended.
            group.cancelAll()
            let second = await group.next() ?? nil
            return first ?? second ?? End(reason: "unknown")
        }
    }

    private func child() async -> End {
        do {
            let pipe = try LifePipe()
            // The child notices by the end of this pipe that this process has ended.
            defer { pipe.close() }
            let result = try await Subprocess.run(
                .path(executable),
                arguments: Arguments(executablePathOverride: "earshot", remainingValues: arguments),
                environment: .inherit.updating(
                    Dictionary(uniqueKeysWithValues: environment.map { (Environment.Key(stringLiteral: $0.key), $0.value) })
                ),
                platformOptions: platformOptions,
                input: .fileDescriptor(pipe.readingEnd, closeAfterSpawningProcess: true),
                output: .fileDescriptor(.standardOutput, closeAfterSpawningProcess: false),
                error: .fileDescriptor(.standardError, closeAfterSpawningProcess: false)
            ) { execution in
                let worker = Self.name(machine: machine, process: execution.processIdentifier.value)
                Logger.current.info("Started the worker process", metadata: ["worker": "\(worker)"])
                return worker
            }
            let death: WorkerDeath? =
                switch result.terminationStatus {
                case .exited(let code): code == 0 ? nil : .exit(code: Int(code))
                case .signaled(let signal): .signal(Int(signal))
                }
            return End(worker: result.closureResult, death: death, reason: death?.description ?? "it was asked to end")
        } catch {
            return End(reason: "it could not be started: \(error)")
        }
    }

    private var platformOptions: PlatformOptions {
        var options = PlatformOptions()
        // Ctrl-C reaches this process alone, which then stops the child.
        options.processGroupID = 0
        options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: stopGrace + Self.stopReserve)]
        return options
    }

    /// Gives back the jobs of a child that has ended, and removes it from the registry; tries again while the database does not answer.
    private func settle(_ worker: String, after death: WorkerDeath?) async {
        // A task of its own, because a cancelled one can store nothing.
        await Task {
            while true {
                do {
                    let count = try await queue.giveBackJobs(of: worker, after: death)
                    try await registry.dismiss(worker: worker)
                    if count > 0 { Logger.current.notice("The worker's jobs were given back", metadata: ["jobs": "\(count)"]) }
                    return
                } catch {
                    Logger.current.warning("The worker's jobs could not be given back", metadata: ["error": "\(error)"])
                    if isStopping { return }
                    try? await cancelWhenGracefulShutdown { try await Task.sleep(for: .seconds(1)) }
                }
            }
        }.value
    }
}
