import Foundation

/// Places in the program at which a test can interrupt it. Release builds have none.
///
/// `EARSHOT_FAILPOINTS` is a list like `accept=stop,recognize:talk.wav=crash`: the name of a place, for one detail or for all, and what
/// happens there: `stop` pauses the process (SIGSTOP), `kill` ends it (SIGKILL), `crash` ends it like a fault of memory (SIGSEGV).
package enum Failpoint {
    /// Passes a place; the detail tells its passages apart, such as the name of a recording.
    package static func reached(_ name: String, _ detail: String = "") {
        #if DEBUG
            guard let signal = signals["\(name):\(detail)"] ?? signals[name] else { return }
            kill(getpid(), signal)
        #endif
    }

    #if DEBUG
        private static let signals: [String: Int32] = {
            let actions = ["stop": SIGSTOP, "kill": SIGKILL, "crash": SIGSEGV]
            let entries = (ProcessInfo.processInfo.environment["EARSHOT_FAILPOINTS"] ?? "").split(separator: ",")
            return entries.reduce(into: [:]) { signals, entry in
                guard let equals = entry.lastIndex(of: "="), let signal = actions[String(entry[entry.index(after: equals)...])] else {
                    return
                }
                signals[String(entry[..<equals])] = signal
            }
        }()
    #endif
}
