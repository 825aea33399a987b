import ArgumentParser
import Audio
import Foundation
import Speech

/// A failure that its own sentence explains.
struct CommandError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }

    /// The sentence that explains any error to the person at the terminal.
    static func explanation(of error: any Error) -> String {
        switch error {
        case let error as AudioError: error.description
        case let error as SpeechError: error.description
        case let error as CocoaError: error.localizedDescription
        default: "\(error)"
        }
    }

    /// Explains what `work` throws on standard error, and ends the command with exit code 1. What ends a command in its own way passes.
    static func explained<Result>(_ work: () async throws -> Result) async throws -> Result {
        do {
            return try await work()
        } catch let error where !(error is CancellationError || error is ExitCode || error is ValidationError) {
            Terminal.say(explanation(of: error))
            throw ExitCode(1)
        }
    }
}
