import Foundation
import Subprocess
import SystemPackage

/// Reads the headers of media files with ffprobe.
package struct AudioProbe: Sendable {
    private let timeLimit: Duration
    private let gate: MediaGate

    /// - Parameters:
    ///   - timeLimit: How long ffprobe may take for a file, from its start.
    ///   - gate: Limits how many files are probed at the same time.
    package init(timeLimit: Duration = .seconds(60), gate: MediaGate = .probes) {
        self.timeLimit = timeLimit
        self.gate = gate
    }

    /// Describes the first audio stream of the file, or throws an `AudioError`.
    package func describe(_ path: FilePath) async throws -> AudioDescription {
        let size = try await MediaFile(path: path).check()
        let found = try await gate.run {
            try await withThrowingTaskGroup(of: ProbeReport.self) { group in
                group.addTask { try await report(on: path) }
                group.addTask {
                    try await Task.sleep(for: timeLimit)
                    throw AudioError.timedOut
                }
                defer { group.cancelAll() }
                guard let report = try await group.next() else { throw CancellationError() }
                return report
            }
        }
        guard let description = AudioDescription(found, fileSize: size) else { throw AudioError.noAudio }
        try description.checkPlausibility()
        return description
    }

    private func report(on path: FilePath) async throws -> ProbeReport {
        let outcome: ExecutionResult<Void, StringOutput<UTF8>, StringOutput<UTF8>>
        do {
            outcome = try await run(
                MediaTool.ffprobe.command(MediaTool.input(path) + ["-of", "json", "-show_format", "-show_streams"]),
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
            throw await MediaTool.ffprobe.failure(outcome.terminationStatus, Complaint(outcome.standardError, about: path))
        }
        do {
            return try JSONDecoder().decode(ProbeReport.self, from: Data(outcome.standardOutput.utf8))
        } catch {
            throw AudioError.unreadable(reason: "its headers make no sense")
        }
    }
}
