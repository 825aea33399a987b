import Basics
import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// How many cores are free for recognition, measured before each block from the kernel's counters.
///
/// The engine's threads wait for one another by spinning. Beside another busy process two threads on two cores were measured to take
/// five times the processor time of one, and longer to finish: so no thread is started without an idle core. The time that this
/// process spends on voice activity is treated like another process's, and so is the decoder, which is a process of its own; but
/// only while they run, because afterwards their cores are free.
final class FreeCores: Sendable {
    /// The instance of this process, whose recognitions it counts.
    static let shared = FreeCores()

    /// Processor time spent until an instant, in seconds.
    struct Reading {
        var time: Double
        /// By all processes.
        var all: Double
        /// By this process, and by those it started that have ended.
        var own: Double
    }

    struct State {
        var last: Reading?
        var others = 0.0
        var recognitions = 0
        var readers = 0
        /// Seconds of processor time spent on voice activity since the last reading.
        var voiceActivity = 0.0
    }

    private let state = Mutex(State())

    private init() { observe() }

    /// Takes a reading at the start of some work, so that the next one covers that work's time only.
    func observe() {
        let reading = Reading.now
        state.withLock { $0.observe(reading) }
    }

    /// Counts a recognition that begins, and returns how many threads it may use: a fair share of the cores that are idle now, at least 1,
    /// and never more than the plan allows. Must be followed by `end`.
    ///
    /// - Parameter expected: How many recognitions are about to run at the same time, this one included.
    func begin(expecting expected: Int = 1, plan: EnginePlan? = nil) -> Int {
        let reading = Reading.now
        return state.withLock { state in
            state.observe(reading)
            state.recognitions += 1
            let recognitions = max(state.recognitions, expected)
            let share = Self.share(
                cores: ProcessInfo.processInfo.activeProcessorCount,
                others: state.others,
                recognitions: recognitions,
                limit: Processors.available
            )
            return min(share, plan?.threads(beside: recognitions - 1) ?? share)
        }
    }

    /// Counts a recognition that has ended.
    func end() {
        state.withLock { $0.recognitions -= 1 }
    }

    /// Reads a file, which includes finding its speech; when no file is read any more, the cores for that are free.
    func reading<Result>(_ work: () async throws -> Result) async rethrows -> Result {
        state.withLock { $0.readers += 1 }
        defer { state.withLock { $0.endReading() } }
        return try await work()
    }

    /// Detects voice activity on the current thread, and measures the processor time that it takes.
    func detecting<Result>(_ work: () throws -> Result) rethrows -> Result {
        let start = Reading.threadTime
        defer {
            let spent = Reading.threadTime - start
            state.withLock { $0.voiceActivity += spent }
        }
        return try work()
    }

    /// How many cores other work kept busy at the last reading.
    var others: Double { state.withLock(\.others) }

    /// The threads for one of several recognitions.
    ///
    /// - Parameters:
    ///   - cores: The machine's cores.
    ///   - others: How many of them other work keeps busy, on average.
    ///   - limit: The cores that this process may use at all.
    static func share(cores: Int, others: Double, recognitions: Int, limit: Int) -> Int {
        // A quiet machine uses a third of a core for other work.
        let free = Int(clamping: Double(cores) - others + 0.34)
        return max(1, min(limit, free) / max(1, recognitions))
    }
}

extension FreeCores.State {
    /// Counts a reader that has ended.
    mutating func endReading() {
        readers -= 1
        if readers == 0 { voiceActivity = 0 }
    }

    /// Compares with the last reading, if that is long enough ago for the kernel's ticks of 10 ms.
    mutating func observe(_ reading: FreeCores.Reading?) {
        guard let reading else { return }
        guard let last else {
            self.last = reading
            return
        }
        let elapsed = reading.time - last.time
        guard elapsed >= 0.1 else { return }
        others = (max(0, (reading.all - last.all) - (reading.own - last.own)) + voiceActivity) / elapsed
        voiceActivity = 0
        self.last = reading
    }
}

extension FreeCores.Reading {
    /// The counters now; nil where the kernel does not offer them.
    static var now: Self? {
        guard let line = try? String(contentsOfFile: "/proc/stat", encoding: .utf8).prefix(while: { $0 != "\n" }) else { return nil }
        // cpu user nice system idle iowait irq softirq steal: all but the two idle ones are work; guest time is part of user's.
        let ticks = line.split(separator: " ").dropFirst().prefix(8).compactMap { Double($0) }
        guard ticks.count == 8 else { return nil }
        guard let time = seconds(of: CLOCK_MONOTONIC), let own = seconds(of: CLOCK_PROCESS_CPUTIME_ID) else { return nil }
        let work = ticks.reduce(0, +) - ticks[3] - ticks[4]
        return Self(time: time, all: work / Double(sysconf(Int32(_SC_CLK_TCK))), own: own + endedChildren)
    }

    #if canImport(Glibc)
        private static let children = __rusage_who_t(RUSAGE_CHILDREN.rawValue)
    #else
        private static let children = RUSAGE_CHILDREN
    #endif

    /// Seconds of processor time of this process's children that have ended.
    private static var endedChildren: Double {
        var usage = rusage()
        guard getrusage(Self.children, &usage) == 0 else { return 0 }
        return [usage.ru_utime, usage.ru_stime].reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6 }
    }

    /// Seconds of processor time of the current thread; 0 where the kernel does not say.
    static var threadTime: Double { seconds(of: CLOCK_THREAD_CPUTIME_ID) ?? 0 }

    private static func seconds(of clock: clockid_t) -> Double? {
        var time = timespec()
        guard clock_gettime(clock, &time) == 0 else { return nil }
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
