import Foundation
import Subprocess
import Synchronization
import SystemPackage

/// Ends a process, and the databases whose lock files are in a folder, when the tests end without having done so.
final class ProcessGuard: Sendable {
    /// Waits for the end of its input, which the end of the tests closes, however they ended.
    private static let script = """
        trap '' INT TERM HUP
        read -r word
        [ "$word" = dismissed ] && exit
        kill -9 "$1" 2>/dev/null
        [ -n "$2" ] && find "$2" -name postmaster.pid 2>/dev/null | while read -r file; do
            kill -INT "$(head -n 1 "$file")" 2>/dev/null
        done
        """

    private let writingEnd: SystemPackage.FileDescriptor
    private let isDismissed = Mutex(false)

    /// Starts to watch over a process and, if one is given, a folder.
    init(of process: Int32, folder: FilePath?) throws {
        let (readingEnd, writingEnd) = try SystemPackage.FileDescriptor.pipe()
        self.writingEnd = writingEnd
        // No other child may hold this end open.
        _ = fcntl(writingEnd.rawValue, F_SETFD, FD_CLOEXEC)
        var options = PlatformOptions()
        // A signal to the group of the tests must not reach the guard.
        options.createSession = true
        // Unstructured, because it lasts as long as the process that is watched.
        Task { [options] in
            try await Subprocess.run(
                .path("/bin/sh"),
                arguments: ["-c", Self.script, "guard", String(process), folder?.string ?? ""],
                platformOptions: options,
                input: .fileDescriptor(readingEnd, closeAfterSpawningProcess: true),
                output: .discarded,
                error: .discarded
            )
        }
    }

    /// Stops watching, because the process ended.
    func dismiss() {
        isDismissed.withLock { isDismissed in
            guard !isDismissed else { return }
            isDismissed = true
            _ = try? writingEnd.writeAll(Array("dismissed\n".utf8))
            try? writingEnd.close()
        }
    }

    deinit { dismiss() }
}
