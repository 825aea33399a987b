/// How a machine's cores are best used with one model.
///
/// These are upper limits: before each block it is judged how many cores are idle, and fewer threads are used if they are fewer.
package struct EnginePlan: Sendable, Codable, Hashable {
    /// How many blocks are recognized side by side, each with working memory of its own.
    package let recognizers: Int

    /// The threads of each of them when all are at work.
    package let threads: Int

    /// The threads of one that works alone.
    package let threadsAlone: Int

    /// A plan; without `threadsAlone`, one that works alone uses the threads of all.
    package init(recognizers: Int, threads: Int, threadsAlone: Int? = nil) {
        self.recognizers = max(1, recognizers)
        self.threads = max(1, threads)
        self.threadsAlone = max(1, threadsAlone ?? self.recognizers * self.threads)
    }

    /// The plan for a machine that nothing was measured on: one recognizer with all processors.
    package static let standard = EnginePlan(recognizers: 1, threads: Processors.available)

    /// The most threads of one recognizer beside so many others that are at work.
    package func threads(beside others: Int) -> Int {
        guard others > 0 else { return threadsAlone }
        return max(threads, min(threadsAlone, recognizers * threads / (others + 1)))
    }
}

/// What a recognition knows of those that run beside it; its task carries it, because the recognizer needs to know of no pool.
enum Company {
    /// The plan that holds for all of them.
    @TaskLocal static var plan: EnginePlan?

    /// How many are about to run at the same time.
    @TaskLocal static var expected = 1
}
