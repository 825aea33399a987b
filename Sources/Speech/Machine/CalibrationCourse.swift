/// The order in which combinations of recognizers and threads are tried out, and what follows from it.
struct CalibrationCourse {
    /// How many recognizers with how many threads each.
    struct Combination: Hashable, Sendable {
        let recognizers: Int
        let threads: Int
    }

    /// What was measured: passes a second, all recognizers together.
    struct Speeds: Sendable {
        fileprivate(set) var measured: [Combination: Double] = [:]
        fileprivate let cores: Int

        /// What follows. More threads or recognizers must be worth what they take from others: 5 % more speed for each doubling.
        var plan: EnginePlan {
            let alone = best { $0.recognizers == 1 } ?? Combination(recognizers: 1, threads: cores)
            let together = best { _ in true } ?? alone
            return EnginePlan(recognizers: together.recognizers, threads: together.threads, threadsAlone: alone.threads)
        }

        private func best(where isWanted: (Combination) -> Bool) -> Combination? {
            let candidates = measured.filter { isWanted($0.key) }
                .sorted { ($0.key.recognizers, $0.key.threads) < ($1.key.recognizers, $1.key.threads) }
            return candidates.reduce(nil as (key: Combination, value: Double)?) { best, next in
                guard let best else { return next }
                return next.value > best.value * 1.05 ? next : best
            }?.key
        }
    }

    private let cores: Int
    private let patience: Duration

    /// A course for so many cores that begins with nothing new when `patience` is over.
    init(cores: Int, patience: Duration = .seconds(6)) {
        self.cores = cores
        self.patience = patience
    }

    /// All that makes sense, what is likeliest to be best first: all cores for one, fewer for one, shared among several.
    var combinations: [Combination] {
        let steps = sequence(first: cores) { $0 > 1 ? $0 / 2 : nil }.map(\.self)
        let alone = steps.map { Combination(recognizers: 1, threads: $0) }
        let together = steps.filter { $0 < cores }.map { Combination(recognizers: cores / $0, threads: $0) }
        guard let all = alone.first else { return [] }
        return [all] + together + alone.dropFirst()
    }

    /// Tries the combinations out; `speed` gives passes a second, or nil where there is no memory for one.
    func run(_ speed: (_ recognizers: Int, _ threads: Int) async throws -> Double?) async throws -> Speeds {
        var speeds = Speeds(cores: cores)
        let clock = ContinuousClock()
        let start = clock.now
        for combination in combinations where speeds.measured.isEmpty || clock.now - start < patience {
            guard let speed = try await speed(combination.recognizers, combination.threads) else { continue }
            speeds.measured[combination] = speed
        }
        return speeds
    }
}
