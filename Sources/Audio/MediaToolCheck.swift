import Subprocess

/// Whether the programs that read media files can be run on this machine.
package enum MediaToolCheck {
    /// Runs ffmpeg without a file; throws `AudioError.toolMissing`, or why it can't be started.
    package static func check() async throws {
        do {
            _ = try await run(
                MediaTool.ffmpeg.command(["-version"]),
                input: .none,
                output: .discarded,
                error: .discarded
            )
        } catch let error as SubprocessError {
            try Task.checkCancellation()
            throw MediaTool.ffmpeg.failure(error)
        }
    }
}
