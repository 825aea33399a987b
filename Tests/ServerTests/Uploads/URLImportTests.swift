import Archive
import Foundation
import HTTPSupport
import ModelLibrary
import Synchronization
import SystemPackage
import TestSupport
import Testing

@testable import Server

/// Downloads from a real web server on this machine, found under names that only a test's own list of hosts knows.
struct URLImportTests {
    @Test("the connection is made to the address that was checked, and the name is resolved once")
    func pinned() async throws {
        try await scene { hub, files in
            hub.put(Data("sound".utf8), at: "talk.mp3")
            let asked = Mutex<[String]>([])
            // The second answer is what an attacker's name server would give once the first one has been checked.
            let source = try source(files, allowing: "hub.example") { host in
                asked.withLock { $0.append(host) }
                return [IPAddress(asked.withLock { $0.count } == 1 ? "127.0.0.1" : "127.0.0.99")].compactMap(\.self)
            }
            let upload = try await source.fetch(hub.address(as: "hub.example") + "/talk.mp3")
            defer { withExtendedLifetime(upload) {} }
            #expect(try upload.file.path.contents() == Data("sound".utf8))
            #expect(upload.name == "talk.mp3")
            #expect(asked.withLock { $0 } == ["hub.example"])
            #expect(hub.requests.map(\.host) == [hub.address(as: "hub.example").replacing("http://", with: "")])
        }
    }

    @Test("a host with one address that is not allowed is rejected without a request")
    func mixed() async throws {
        try await scene { hub, files in
            let source = try source(files, allowing: "127.0.0.1") { _ in ["127.0.0.1", "10.0.0.1"].compactMap { IPAddress($0) } }
            await #expect(throws: ImportError.addressRefused(host: "hub.example")) {
                try await source.fetch(hub.address(as: "hub.example") + "/talk.mp3")
            }
            #expect(hub.requests.isEmpty)
        }
    }

    @Test("when one address of a host does not answer, the next is tried")
    func secondAddress() async throws {
        try await scene { hub, files in
            hub.put(Data("sound".utf8), at: "talk.mp3")
            // The hub listens on one address of this machine only.
            let source = try source(files, allowing: "127.0.0.0/8") { _ in ["127.0.0.2", "127.0.0.1"].compactMap { IPAddress($0) } }
            let upload = try await source.fetch(hub.address(as: "hub.example") + "/talk.mp3")
            #expect(upload.file.size == 5)
        }
    }

    @Test("a proxy receives the address that was checked, not the name")
    func proxy() async throws {
        try await scene { hub, files in
            hub.put(Data("sound".utf8), at: "talk.mp3")
            let port = try #require(hub.address.split(separator: ":").last.flatMap { Int($0) })
            try await LocalProxy.with(leadingTo: port) { proxy in
                var source = try source(files, allowing: "hub.example") { _ in [IPAddress("127.0.0.1")].compactMap(\.self) }
                source.proxies = ProxySettings(environment: ["http_proxy": "http://127.0.0.1:\(proxy.port)"])
                _ = try await source.fetch(hub.address(as: "hub.example") + "/talk.mp3")
                #expect(proxy.tunnels.map(\.goal) == ["127.0.0.1:\(port)"])
            }
        }
    }

    @Test("a proxy is not asked for a host with an address that is not allowed")
    func proxyRefusal() async throws {
        try await scene { hub, files in
            let port = try #require(hub.address.split(separator: ":").last.flatMap { Int($0) })
            try await LocalProxy.with(leadingTo: port) { proxy in
                var source = try source(files, allowing: "hub.example") { _ in [IPAddress("10.0.0.1")].compactMap(\.self) }
                source.proxies = ProxySettings(environment: ["all_proxy": "http://127.0.0.1:\(proxy.port)"])
                hub.redirect("away", to: "http://other.example/")
                for address in ["http://other.example/", "http://10.0.0.1/", "http://169.254.169.254/"] {
                    await #expect(throws: ImportError.self) { try await source.fetch(address) }
                }
                #expect(proxy.tunnels.isEmpty)
                await #expect(throws: ImportError.addressRefused(host: "other.example")) {
                    try await source.fetch(hub.address(as: "hub.example") + "/away")
                }
                #expect(proxy.tunnels.count == 1)
            }
        }
    }

    @Test("each redirect is checked, and not more than five are followed")
    func redirects() async throws {
        try await scene { hub, files in
            let source = try source(files, allowing: "hub.example") { _ in [IPAddress("127.0.0.1")].compactMap(\.self) }
            hub.put(Data("sound".utf8), at: "end")
            for number in 1...6 { hub.redirect("\(number)", to: number == 6 ? "/end" : "/\(number + 1)") }
            _ = try await source.fetch(hub.address(as: "hub.example") + "/2")
            await #expect(throws: ImportError.badRedirect(host: "hub.example")) {
                try await source.fetch(hub.address(as: "hub.example") + "/1")
            }
            hub.redirect("away", to: hub.address(as: "other.example") + "/end")
            await #expect(throws: ImportError.addressRefused(host: "other.example")) {
                try await source.fetch(hub.address(as: "hub.example") + "/away")
            }
            hub.redirect("file", to: "file:///etc/passwd")
            await #expect(throws: ImportError.badRedirect(host: "hub.example")) {
                try await source.fetch(hub.address(as: "hub.example") + "/file")
            }
        }
    }

    @Test("a server that disconnects, stalls or refuses leaves nothing on disk")
    func failures() async throws {
        try await scene { hub, files in
            hub.put(Data(repeating: 1, count: 1 << 20), at: "talk.mp3")
            let source = try source(files, allowing: "127.0.0.1")
            hub.order(.breakOff(after: 1000))
            await #expect(throws: ImportError.brokenOff(host: "127.0.0.1")) { try await source.fetch(hub.address + "/talk.mp3") }
            await #expect(throws: ImportError.refused(status: 404, host: "127.0.0.1")) { try await source.fetch(hub.address + "/none") }
            await #expect(throws: ImportError.unreachable(host: "127.0.0.1")) { try await source.fetch("http://127.0.0.1:1/") }
            hub.order(.stall(after: 1000))
            let hasty = try self.source(files, allowing: "127.0.0.1", timeLimit: .milliseconds(500))
            await #expect(throws: ImportError.timedOut(limitSeconds: 0)) { try await hasty.fetch(hub.address + "/talk.mp3") }
            hub.release()
            #expect(try FileManager.default.contentsOfDirectory(atPath: files.folder.string) == [])
        }
    }

    @Test("a canceled download leaves nothing on disk")
    func cancelled() async throws {
        try await scene { hub, files in
            hub.put(Data(repeating: 1, count: 1 << 20), at: "talk.mp3")
            hub.order(.stall(after: 1 << 19))
            let source = try source(files, allowing: "127.0.0.1")
            let download = Task { try await source.fetch(hub.address + "/talk.mp3") }
            try await eventually { try !FileManager.default.contentsOfDirectory(atPath: files.folder.string).isEmpty }
            download.cancel()
            await #expect(throws: CancellationError.self) { try await download.value }
            #expect(try FileManager.default.contentsOfDirectory(atPath: files.folder.string) == [])
            hub.release()
        }
    }

    @Test(
        "the system's names and unusual spellings of this machine resolve to addresses that are not public",
        arguments: ["localhost", "127.1", "2130706433", "0x7f.0.0.1", "0"]
    )
    func oddNames(host: String) async throws {
        let addresses = await HostResolver.addresses(of: host)
        #expect(!addresses.isEmpty)
        #expect(addresses.allSatisfy { !$0.isPublic })
    }

    private func source(
        _ files: RecordingFolder,
        allowing places: String,
        timeLimit: Duration = .seconds(60),
        resolve: @escaping @Sendable (String) async -> [IPAddress] = HostResolver.addresses
    ) throws -> URLImport {
        let settings = ImportSettings(timeLimit: timeLimit, privatePlaces: try #require(PrivatePlaces(places)))
        return URLImport(settings: settings, folder: files, limit: nil, resolve: resolve, proxies: .init(environment: [:]))
    }

    private func scene(_ work: @Sendable (LocalHub, RecordingFolder) async throws -> Void) async throws {
        try await TemporaryFolder.with { folder in
            let files = try RecordingFolder(folder)
            try await LocalHub.with { hub in
                hub.manner = LocalHub.Manner(redirects: false)
                try await work(hub, files)
            }
        }
    }
}

extension LocalHub {
    /// The address of its root under another name of its host.
    fileprivate func address(as host: String) -> String { address.replacing("127.0.0.1", with: host) }
}
