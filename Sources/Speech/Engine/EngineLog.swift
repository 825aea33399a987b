import CWhisper
import Logging

/// Sends the engine's output to the log, at debug level.
enum EngineLog {
    private static let logger = Logger(label: "earshot.engine")

    /// Redirects the engine's output, once for the whole process.
    static func redirect() { redirected }

    private static let redirected: Void = whisper_log_set(
        { _, text, _ in
            guard let text, EngineLog.logger.logLevel <= .debug else { return }
            let line = String(cString: text)
            EngineLog.logger.debug("\(String(line.reversed().drop(while: \.isNewline).reversed()))")
        },
        nil
    )
}
