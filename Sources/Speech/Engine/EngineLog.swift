import CWhisper
import Logging

/// Sends what the engine would print to the log, at debug level.
enum EngineLog {
    private static let logger = Logger(label: "earshot.engine")

    /// Takes over the engine's output, once for the whole process.
    static let isRedirected: Bool = {
        whisper_log_set(
            { _, text, _ in
                guard let text, EngineLog.logger.logLevel <= .debug else { return }
                let line = String(cString: text)
                EngineLog.logger.debug("\(String(line.reversed().drop(while: \.isNewline).reversed()))")
            },
            nil
        )
        return true
    }()
}
