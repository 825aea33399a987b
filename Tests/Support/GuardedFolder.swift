import Foundation
import Synchronization
import SystemPackage

/// A folder of this test process that is removed when the process ends, however it ends, with every database server that runs in it.
package enum GuardedFolder {
    private struct Guarded: Sendable {
        let folder: FilePath
        /// The guardian reads it; it ends when this process ends.
        let lifeline: Pipe
    }

    private static let guarded = Mutex<Guarded?>(nil)

    /// An unused path in the folder; every user may traverse the folder itself.
    package static func path(_ name: String) throws -> FilePath {
        try guarded.withLock { guarded in
            if let guarded { return guarded.folder.appending(name) }
            let folder = FilePath("/tmp/earshot-tests-\(getpid())-\(UUID().uuidString.prefix(8).lowercased())")
            guard mkdir(folder.string, 0o755) == 0 else { throw Errno(rawValue: errno) }
            guarded = Guarded(folder: folder, lifeline: try watch(folder))
            atexit { GuardedFolder.remove() }
            return folder.appending(name)
        }
    }

    /// Starts a child that waits for the end of this process, stops the servers below the folder and removes it.
    private static func watch(_ folder: FilePath) throws -> Pipe {
        let script = """
            trap '' INT HUP TERM
            cat >/dev/null
            for pid in $(find "$1" -name postmaster.pid -exec head -n 1 {} \\;); do
                kill -QUIT "$pid" 2>/dev/null
            done
            until rm -rf "$1" 2>/dev/null; do sleep 0.05; done
            """
        let pipe = Pipe()
        // No other child may hold the lifeline, or this process would seem to live on.
        _ = fcntl(pipe.fileHandleForWriting.fileDescriptor, F_SETFD, FD_CLOEXEC)
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", script, "sh", folder.string]
        process.standardInput = pipe
        try process.run()
        return pipe
    }

    /// Starts the guardian, and waits until nothing is left.
    private static func remove() {
        guard let guarded = guarded.withLock({ $0 }) else { return }
        try? guarded.lifeline.fileHandleForWriting.close()
        for _ in 0..<500 where access(guarded.folder.string, F_OK) == 0 { usleep(20_000) }
    }
}
