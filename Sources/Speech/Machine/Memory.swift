import CWhisper
import Foundation

/// The memory that this process may still take.
package enum MachineMemory {
    /// Bytes that can still be had without swapping, on this machine and in this container; everything where the kernel does not say.
    package static var available: Int {
        [Memory.available, ControlGroupMemory.second.available, ControlGroupMemory.first.available].compactMap(\.self).min() ?? .max
    }
}

/// A container's limit on memory, as the kernel's control groups tell it.
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

    /// Bytes below the limit, counting what the kernel keeps of files and would give up at once; nil without a limit.
    var available: Int? {
        guard let limit = number(in: limit), let usage = number(in: usage) else { return nil }
        let statistics = (try? String(contentsOfFile: folder + "/memory.stat", encoding: .utf8))?.split(separator: "\n") ?? []
        let line = statistics.first { $0.hasPrefix(cacheField + " ") }
        let cache = line?.split(separator: " ").last.flatMap { Int($0) } ?? 0
        return max(0, limit - max(0, usage - cache))
    }

    private func number(in file: String) -> Int? {
        (try? String(contentsOfFile: folder + "/" + file, encoding: .utf8)).flatMap {
            Int($0.trimmingCharacters(in: .whitespacesAndNewlines))
        }
    }
}

/// What the kernel says of memory, in bytes, and how this process gives it back.
enum Memory {
    /// What this process has in memory; 0 where the kernel does not say.
    static var resident: Int { field("VmRSS:", in: "/proc/self/status") ?? 0 }

    /// What can still be had without swapping; everything where the kernel does not say.
    static var available: Int { field("MemAvailable:", in: "/proc/meminfo") ?? .max }

    /// Makes large pieces of memory go back to the system as soon as they are free, once for the whole process.
    ///
    /// The C library would learn from the first blocks of sound to keep such pieces in its own heaps, which then fall apart: 182 MB
    /// instead of 97 MB were resident after half an hour of speech with the demo model, and it was still growing.
    static let isGivenBack: Bool = {
        #if canImport(Glibc)
            mallopt(M_MMAP_THRESHOLD, 128 << 10) == 1
        #else
            true
        #endif
    }()

    private static func field(_ name: String, in path: String) -> Int? {
        let line = (try? String(contentsOfFile: path, encoding: .utf8))?.split(separator: "\n").first { $0.hasPrefix(name) }
        return line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0.multipliedReportingOverflow(by: 1024) }.map {
            $0.overflow ? .max : $0.partialValue
        }
    }
}
