import Foundation
import ModelLibrary
import SystemPackage
import TestSupport
import Testing

/// The proxies that the environment sets.
@Suite struct DownloadProxyTests {
    /// No name server knows this host, so a request that arrives came through the proxy.
    private let hub = "http://hub.invalid"

    @Test(
        "the hub and its redirects are reached through the proxy, with the credentials in the environment",
        arguments: ["http_proxy", "ALL_PROXY"]
    )
    func proxy(variable: String) async throws {
        try await play { scene, proxy in
            let environment = [variable: "http://user:p%40ss@127.0.0.1:\(proxy.port)"]
            let path = try await scene.downloader(at: hub, environment: environment).download(DownloadScene.model())
            #expect(try path.contents() == DownloadScene.payload)
            let signIn = "Basic " + Data("user:p@ss".utf8).base64EncodedString()
            let tunnel = LocalProxy.Tunnel(goal: "hub.invalid:80", authorization: signIn)
            #expect(proxy.tunnels == [tunnel, tunnel])
        }
    }

    @Test(
        "no proxy is used for hosts in NO_PROXY, for another scheme, and for this machine",
        arguments: [
            ["http_proxy": "PROXY", "no_proxy": "other.example, .invalid"], ["HTTP_PROXY": "PROXY", "NO_PROXY": "hub.invalid:80"],
            ["http_proxy": "PROXY", "no_proxy": "*"], ["https_proxy": "PROXY"], ["http_proxy": ""],
        ]
    )
    func direct(environment: [String: String]) async throws {
        try await play { scene, proxy in
            let environment = environment.mapValues { $0.replacing("PROXY", with: "http://127.0.0.1:\(proxy.port)") }
            let error = await #expect(throws: DownloadError.self) {
                try await scene.downloader(at: hub, environment: environment).download(DownloadScene.model())
            }
            #expect(error?.code == "offline")
            #expect(error?.description.contains("hub.invalid") == true)
            _ = try await scene.downloader(environment: environment).download(DownloadScene.model())
            #expect(proxy.tunnels.isEmpty)
        }
    }

    @Test("an unreachable proxy is named")
    func noProxy() async throws {
        let port = try FreePort.find()
        try await DownloadScene.play { scene in
            let downloader = scene.downloader(at: hub, environment: ["http_proxy": "127.0.0.1:\(port)"])
            let error = await #expect(throws: DownloadError.self) { try await downloader.download(DownloadScene.model()) }
            #expect(error?.code == "offline")
            #expect(error?.description.contains("hub.invalid through the proxy 127.0.0.1") == true)
        }
    }

    @Test("an unsupported proxy is rejected without showing its password")
    func badProxy() async throws {
        try await DownloadScene.play { scene in
            let downloader = scene.downloader(at: hub, environment: ["http_proxy": "gopher://user:secret@127.0.0.1"])
            let error = await #expect(throws: DownloadError.self) { try await downloader.download(DownloadScene.model()) }
            #expect(error?.code == "bad_proxy")
            #expect(error?.description.contains("secret") == false)
        }
    }

    private func play(_ work: @escaping @Sendable (DownloadScene, LocalProxy) async throws -> Void) async throws {
        try await DownloadScene.play { scene in
            let port = try #require(URL(string: scene.hub.address)?.port)
            try await LocalProxy.with(leadingTo: port) { proxy in try await work(scene, proxy) }
        }
    }
}
