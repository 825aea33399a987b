import CWhisper
import Foundation

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
        return line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 * 1024 }
    }
}
