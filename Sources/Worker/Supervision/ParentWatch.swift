import Foundation

/// Ends a supervised worker together with its supervisor, however that ends.
package enum ParentWatch {
    /// Ends this process at once when its standard input ends: the supervisor holds the other end of that pipe and writes nothing.
    package static func start() {
        #if os(Linux)
            // The system took the name from the path, `/proc/self/exe`.
            try? Data("earshot".utf8).write(to: URL(filePath: "/proc/self/comm"))
        #endif
        // A thread of its own, because reading blocks for as long as the supervisor lives.
        Thread.detachNewThread {
            var byte: UInt8 = 0
            while true {
                let count = read(STDIN_FILENO, &byte, 1)
                if count == 0 || count < 0 && errno != EINTR { _exit(1) }
            }
        }
    }
}
