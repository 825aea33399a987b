import Foundation
import Subprocess
import SystemPackage

/// Reads the headers of media files with ffprobe.
package struct AudioProbe: Sendable {
    private let timeLimit: Duration

    /// - Parameter timeLimit: How long a file may take.
    package init(timeLimit: Duration = .seconds(30)) {
        self.timeLimit = timeLimit
    }

    /// Describes the first audio stream of the file, or throws an `AudioError`.
    package func describe(_ path: FilePath) async throws -> AudioDescription {
        try MediaTool.inspect(path)
        return try await withThrowingTaskGroup(of: AudioDescription.self) { group in
            group.addTask { try await report(on: path) }
            group.addTask {
                try await Task.sleep(for: timeLimit)
                throw AudioError.timedOut
            }
            defer { group.cancelAll() }
            guard let description = try await group.next() else { throw CancellationError() }
            return description
        }
    }

    private func report(on path: FilePath) async throws -> AudioDescription {
        let outcome: ExecutionResult<Void, StringOutput<UTF8>, StringOutput<UTF8>>
        do {
            outcome = try await run(
                MediaTool.ffprobe.executable,
                arguments: Arguments(MediaTool.input(path) + ["-of", "json", "-show_format", "-show_streams"]),
                environment: MediaTool.environment,
                input: .none,
                output: .string(limit: 1 << 20),
                error: .string(limit: 1 << 20)
            )
        } catch let error as SubprocessError {
            try Task.checkCancellation()
            throw MediaTool.ffprobe.failure(error)
        }
        try Task.checkCancellation()
        guard outcome.terminationStatus.isSuccess else {
            throw AudioError.unreadable(reason: Complaint(outcome.standardError, about: path).reason)
        }
        let report = try JSONDecoder().decode(ProbeReport.self, from: Data(outcome.standardOutput.utf8))
        guard let description = AudioDescription(report) else { throw AudioError.noAudio }
        return description
    }
}
