import CWhisper
import Foundation

/// The memory that is available to this process.
package enum MachineMemory {
    /// Available bytes without swapping, on this machine and in this container; `Int.max` where the kernel does not say.
    package static var available: Int {
        [Memory.available, ControlGroupMemory.second.available, ControlGroupMemory.first.available].compactMap(\.self).min() ?? .max
    }

    /// The whole memory of this machine, or of this container; `Int.max` where the kernel does not say.
    package static var total: Int {
        [Memory.total, ControlGroupMemory.second.total, ControlGroupMemory.first.total].compactMap(\.self).min() ?? .max
    }
}

/// A container's memory limit, from the kernel's control groups.
private struct ControlGroupMemory {
    let folder, limit, usage, cacheField: String

    static let second = ControlGroupMemory(
        folder: "/sys/fs/cgroup",
        limit: "memory.max",
        usage: "memory.current",
        cacheField: "inactive_file"
    )
    static let first = ControlGroupMemory(
        folder: "/sys/fs/cgroup/memory",
        limit: "memory.limit_in_bytes",
        usage: "memory.usage_in_bytes",
        cacheField: "total_inactive_file"
    )

    /// Bytes below the limit, including the file cache, which the kernel would drop at once; nil without a limit.
    var available: Int? {
        guard let limit = number(in: limit), let usage = number(in: usage) else { return nil }
        let statistics = (try? String(contentsOfFile: folder + "/memory.stat", encoding: .utf8))?.split(separator: "\n") ?? []
        let line = statistics.first { $0.hasPrefix(cacheField + " ") }
        let cache = line?.split(separator: " ").last.flatMap { Int($0) } ?? 0
        return max(0, limit - max(0, usage - cache))
    }

    /// The limit; nil without one.
    var total: Int? { number(in: limit) }

    private func number(in file: String) -> Int? {
        (try? String(contentsOfFile: folder + "/" + file, encoding: .utf8)).flatMap {
            Int($0.trimmingCharacters(in: .whitespacesAndNewlines))
        }
    }
}

/// This process's memory, in bytes.
enum Memory {
    /// The resident memory of this process; 0 where the kernel does not say.
    static var resident: Int { field("VmRSS:", in: "/proc/self/status") ?? 0 }

    /// Available memory without swapping; `Int.max` where the kernel does not say.
    static var available: Int { field("MemAvailable:", in: "/proc/meminfo") ?? .max }

    /// The whole memory; `Int.max` where the kernel does not say.
    static var total: Int { field("MemTotal:", in: "/proc/meminfo") ?? .max }

    /// Makes the C library return large pieces of memory to the system as soon as they are free; set once for the whole process.
    ///
    /// By default its threshold grows with the first blocks of sound, and such pieces stay in its heaps, which become fragmented: 182 MB
    /// instead of 97 MB were resident after half an hour of speech with the demo model, and still growing.
    static func returnFreedPages() { freedPagesReturned }

    private static let freedPagesReturned: Void = {
        #if canImport(Glibc)
            _ = mallopt(M_MMAP_THRESHOLD, 128 << 10)
        #endif
    }()

    private static func field(_ name: String, in path: String) -> Int? {
        let line = (try? String(contentsOfFile: path, encoding: .utf8))?.split(separator: "\n").first { $0.hasPrefix(name) }
        return line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0.multipliedReportingOverflow(by: 1024) }.map {
            $0.overflow ? .max : $0.partialValue
        }
    }
}
