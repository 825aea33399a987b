/// The combinations of recognizers and threads to try out, in order, and the plan that follows from their speeds.
struct CalibrationTrials {
    struct Combination: Hashable, Sendable {
        let recognizers: Int
        let threads: Int
    }

    /// The measured speeds: passes a second of all recognizers together.
    struct Speeds: Sendable {
        fileprivate(set) var measured: [Combination: Double] = [:]
        fileprivate let cores: Int

        /// The best plan. More threads or recognizers must be worth what they take from other work: 5 % more speed for each doubling.
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

    /// Trials on a number of cores; no trial is started when `patience` is over.
    init(cores: Int, patience: Duration = .seconds(6)) {
        self.cores = cores
        self.patience = patience
    }

    /// The combinations worth trying, the most promising first: all cores for one recognizer, shared among several, fewer for one.
    var combinations: [Combination] {
        let steps = sequence(first: cores) { $0 > 1 ? $0 / 2 : nil }.map(\.self)
        let alone = steps.map { Combination(recognizers: 1, threads: $0) }
        let together = steps.filter { $0 < cores }.map { Combination(recognizers: cores / $0, threads: $0) }
        guard let all = alone.first else { return [] }
        return [all] + together + alone.dropFirst()
    }

    /// Tries the combinations; `speed` measures passes a second, or returns nil where memory does not suffice.
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
