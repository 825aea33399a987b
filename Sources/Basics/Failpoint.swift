import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Named places in the program at which a test can end the process, so that what happens between two steps is tested without luck.
///
/// A debug build reads `EARSHOT_FAILPOINTS`, such as `accept.linked=kill,recognize:talk.wav=crash`: a place, or a place with a detail, and what
/// happens to the process that reaches it. A release build has none of this.
package enum Failpoint {
    /// What happens at a place.
    private enum Action: String {
        /// The process is killed, as by `kill -9`.
        case kill
        /// The process is stopped until it receives SIGCONT.
        case stop
        /// The process ends by a fault of its own (SIGSEGV).
        case crash

        var signal: Int32 {
            switch self {
            case .kill: SIGKILL
            case .stop: SIGSTOP
            case .crash: SIGSEGV
            }
        }
    }

    #if DEBUG
        private static let actions: [String: Action] = {
            let entries = (ProcessInfo.processInfo.environment["EARSHOT_FAILPOINTS"] ?? "").split(separator: ",")
            let pairs = entries.compactMap { entry -> (String, Action)? in
                let parts = entry.split(separator: "=").map(String.init)
                guard parts.count == 2, let action = Action(rawValue: parts[1]) else { return nil }
                return (parts[0], action)
            }
            return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
        }()
    #endif

    /// Marks a place.
    ///
    /// - Parameter detail: What the place is about at this moment, such as a file's name; an entry may be limited to it.
    package static func reached(_ name: String, _ detail: @autoclosure () -> String = "") {
        #if DEBUG
            guard !actions.isEmpty, let action = actions[name] ?? actions["\(name):\(detail())"] else { return }
            // A handler of the test's own process, or of the Swift runtime, must not survive the fault.
            signal(SIGSEGV, SIG_DFL)
            kill(getpid(), action.signal)
        #endif
    }
}
