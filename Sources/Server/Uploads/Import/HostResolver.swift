import Basics
import HTTPSupport

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Resolves host names with the system's resolver.
enum HostResolver {
    /// Its own threads, because a name server that does not answer blocks one for a long time.
    private static let threads = BlockingThreads(count: 8)

    /// All addresses of a host, in the order in which they should be tried; empty if the host is unknown.
    ///
    /// It also reads unusual spellings of addresses, such as `127.1` and `2130706433`.
    static func addresses(of host: String) async -> [IPAddress] {
        await withCheckedContinuation { continuation in
            threads.start { continuation.resume(returning: resolve(host)) }
        }
    }

    private static func resolve(_ host: String) -> [IPAddress] {
        var hints = addrinfo()
        #if canImport(Glibc)
            hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        #else
            hints.ai_socktype = SOCK_STREAM
        #endif
        var first: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &first) == 0 else { return [] }
        defer { freeaddrinfo(first) }
        var addresses: [IPAddress] = []
        var next = first
        while let entry = next?.pointee {
            if let address = entry.ai_addr.flatMap({ IPAddress(UnsafePointer($0)) }), !addresses.contains(address) {
                addresses.append(address)
            }
            next = entry.ai_next
        }
        return addresses
    }
}
