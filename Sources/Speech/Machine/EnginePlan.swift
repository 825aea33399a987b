/// How a machine's cores are best used with one model.
///
/// These are upper limits: fewer threads are used for a block if fewer cores are idle when it begins.
package struct EnginePlan: Sendable, Codable, Hashable {
    /// How many blocks are recognized side by side, each with working memory of its own.
    package let recognizers: Int

    /// The threads of each recognizer when all of them work.
    package let threads: Int

    /// The threads of a recognizer that works alone.
    package let threadsAlone: Int

    /// A plan; without `threadsAlone`, a recognizer that works alone uses the threads of all.
    package init(recognizers: Int, threads: Int, threadsAlone: Int? = nil) {
        self.recognizers = max(1, recognizers)
        self.threads = max(1, threads)
        self.threadsAlone = max(1, threadsAlone ?? self.recognizers * self.threads)
    }

    /// The plan without a measurement: one recognizer with all processors.
    package static let standard = EnginePlan(recognizers: 1, threads: Processors.available)

    /// The most threads of a recognizer while `others` others work.
    package func threads(beside others: Int) -> Int {
        guard others > 0 else { return threadsAlone }
        return max(threads, min(threadsAlone, recognizers * threads / (others + 1)))
    }
}
