import Basics
import Foundation

/// The processors that this process may use.
package enum Processors {
    /// Cores by affinity and by the container's quota, at least 1 and at most 8.
    ///
    /// The engine's threads wait for one another by spinning, so one thread more than free cores costs far more than it gains.
    package static let available = max(1, min(8, allowed ?? ProcessInfo.processInfo.activeProcessorCount, quota ?? .max))

    /// The processor's own name; empty where the system does not say.
    package static let name: String = {
        let lines = read("/proc/cpuinfo")?.split(separator: "\n") ?? []
        let line = lines.first { $0.hasPrefix("model name") } ?? lines.first { $0.hasPrefix("CPU part") }
        return line?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) } ?? ""
    }()

    /// Cores that the scheduler may put this process on; nil where the system does not say.
    private static var allowed: Int? {
        let line = read("/proc/self/status")?.split(separator: "\n").first { $0.hasPrefix("Cpus_allowed_list:") }
        return line.flatMap { count(inList: $0.dropFirst("Cpus_allowed_list:".count)) }
    }

    /// Whole cores that the control group grants; nil without a limit.
    private static var quota: Int? {
        let second = read("/sys/fs/cgroup/cpu.max")
        let first = [read("/sys/fs/cgroup/cpu/cpu.cfs_quota_us"), read("/sys/fs/cgroup/cpu/cpu.cfs_period_us")]
        return quota(in: second ?? first.compactMap(\.self).joined(separator: " "))
    }

    /// Whole cores in a quota and period in microseconds ("150000 100000"); nil if there is no limit ("max 100000", "-1 100000").
    static func quota(in text: String) -> Int? {
        let numbers = text.split(whereSeparator: \.isWhitespace).map { Double($0) }
        guard numbers.count == 2, let quota = numbers[0], let period = numbers[1], quota > 0, period > 0 else { return nil }
        return max(1, Int(clamping: quota / period))
    }

    /// The number of cores in a list like "0-3,8"; nil if it is not such a list.
    static func count(inList list: some StringProtocol) -> Int? {
        var total = 0
        for range in list.split(separator: ",") {
            let ends = range.split { !$0.isNumber }.compactMap { Int(String($0)) }
            guard let first = ends.first, let last = ends.last, last >= first else { return nil }
            total = total.addingClamped(last - first).addingClamped(1)
        }
        return total > 0 ? total : nil
    }

    private static func read(_ path: String) -> String? {
        try? String(contentsOfFile: path, encoding: .utf8)
    }
}
