import Testing

/// Starts one Earshot for all tests of a suite and stops it after the last.
///
///     @Suite(.serialized, .sharedEarshot) struct Journeys { … try SharedEarshot.running … }
package struct SharedEarshot: SuiteTrait, TestScoping {
    @TaskLocal private static var current: RunningEarshot?

    /// Settings besides the usual ones.
    fileprivate let environment: [String: String]

    /// No Earshot is running, because the suite has no such trait.
    package struct Missing: Error {}

    /// The Earshot that the running test shares.
    package static var running: RunningEarshot {
        get throws {
            guard let current else { throw Missing() }
            return current
        }
    }

    /// Runs the suite while Earshot runs.
    package func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        try await RunningEarshot.with(environment: environment) { earshot in
            try await Self.$current.withValue(earshot) { try await function() }
        }
    }
}

extension Trait where Self == SharedEarshot {
    /// One running Earshot for the whole suite.
    package static var sharedEarshot: SharedEarshot { SharedEarshot(environment: [:]) }

    /// One running Earshot with these settings for the whole suite; a suite outside may have another.
    package static func sharedEarshot(_ environment: [String: String]) -> SharedEarshot { SharedEarshot(environment: environment) }
}
