import Foundation
import Testing

/// Tests that take long, so that only `./test --soak` runs them.
///
/// They are repeatable: the same seed rolls the same requests and moments.
@Suite(.serialized, .enabled(if: SoakPlan.isWanted, "They take long; run ./test --soak.")) enum Soak {}

/// What the soak tests do, from the environment.
enum SoakPlan {
    private static let environment = ProcessInfo.processInfo.environment

    static let isWanted = environment["EARSHOT_SOAK"] == "1"
    /// The seed of all dice.
    static let seed = environment["EARSHOT_SOAK_SEED"].flatMap { UInt64($0) } ?? 1
    /// How often Earshot is killed.
    static let kills = environment["EARSHOT_SOAK_KILLS"].flatMap { Int($0) } ?? 100

    /// Prints a figure for docs/reliability.md.
    static func report(_ line: String) {
        print("soak: \(line)")
        fflush(nil)
    }
}
