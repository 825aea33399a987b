import Archive
import AsyncHTTPClient
import Foundation
import HTTPSupport
import ModelLibrary
import NIOCore
import NIOHTTP1

/// Downloads a file from a web address to the folder of recordings, and only from addresses that are allowed.
///
/// Every address of a host is checked, and the connection is made to a checked one: the name is not resolved again, so that it cannot
/// mean another place then. Redirects are followed here, and each is checked like the first address.
struct URLImport: Sendable {
    private static let mostRedirects = 5
    private static let longestSilence = Duration.seconds(60)

    let settings: ImportSettings
    let folder: RecordingFolder
    /// The largest file to accept, in bytes; nil if only the disk limits it.
    let limit: Int64?
    var resolve: @Sendable (String) async -> [IPAddress] = HostResolver.addresses
    var proxies = ProxySettings(environment: ProcessInfo.processInfo.environment)

    /// Downloads a file.
    ///
    /// - Throws: `ImportError`, `ArchiveError`, or `CancellationError`; nothing is left on disk then.
    func fetch(_ text: String) async throws -> Upload {
        let deadline = ContinuousClock.now + settings.timeLimit
        let asked = try ImportAddress(text)
        var place = asked
        for _ in 0...Self.mostRedirects {
            switch try await answer(from: place, until: deadline, name: asked.filename) {
            case .moved(let next): place = next
            case .arrived(let upload): return upload
            }
        }
        throw ImportError.badRedirect(host: place.host)
    }

    private enum Step {
        case moved(to: ImportAddress)
        case arrived(Upload)
    }

    /// The answer of a place, from the first of its addresses that accepts a connection.
    private func answer(from place: ImportAddress, until deadline: ContinuousClock.Instant, name: String) async throws -> Step {
        let addresses = try await checkedAddresses(of: place.host)
        for address in addresses.dropLast() {
            do {
                return try await answer(from: place, at: address, until: deadline, name: name)
            } catch ImportError.unreachable {}
        }
        guard let last = addresses.last else { throw ImportError.unknownHost(place.host) }
        return try await answer(from: place, at: last, until: deadline, name: name)
    }

    /// The addresses of a host, if imports may access all of them.
    func checkedAddresses(of host: String) async throws -> [IPAddress] {
        let addresses: [IPAddress]
        if let address = IPAddress(host) { addresses = [address] } else { addresses = await resolve(host) }
        guard addresses.allSatisfy({ $0.isPublic || settings.privatePlaces.include($0, of: host) }) else {
            throw ImportError.addressRefused(host: host)
        }
        return addresses
    }

    private func answer(
        from place: ImportAddress,
        at address: IPAddress,
        until deadline: ContinuousClock.Instant,
        name: String
    ) async throws -> Step {
        let client = try client(for: place, at: address, until: deadline)
        do {
            let step = try await answer(from: place, through: client, until: deadline, name: name)
            try await client.shutdown()
            return step
        } catch {
            // Cancels the request; an error of that is irrelevant.
            try? await client.shutdown()
            try Task.checkCancellation()
            throw error
        }
    }

    /// A client that connects to the host at this address only.
    private func client(for place: ImportAddress, at address: IPAddress, until deadline: ContinuousClock.Instant) throws -> HTTPClient {
        let left = deadline - .now
        guard left > .zero else { throw timedOut }
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(connect: TimeAmount(min(left, .seconds(15))), read: TimeAmount(min(left, Self.longestSilence)))
        )
        configuration.dnsOverride = [place.host: "\(address)"]
        configuration.httpVersion = .http1Only
        configuration.connectionPool.retryConnectionEstablishment = false
        do {
            configuration.proxy = try place.url.flatMap { try proxies.proxy(for: $0) }
        } catch {
            throw ImportError.unreachable(host: place.host)
        }
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    private func answer(
        from place: ImportAddress,
        through client: HTTPClient,
        until deadline: ContinuousClock.Instant,
        name: String
    ) async throws -> Step {
        guard let url = place.url else { throw ImportError.badAddress }
        var request = HTTPClientRequest(url: url.absoluteString)
        request.headers = ["User-Agent": "earshot", "Accept": "audio/*, video/*, */*;q=0.5", "Accept-Encoding": "identity"]
        let response: HTTPClientResponse
        do {
            response = try await client.execute(request, deadline: .now() + TimeAmount(max(.zero, deadline - .now)))
        } catch let error as HTTPClientError where error == .deadlineExceeded || error == .readTimeout && deadline <= .now {
            throw timedOut
        } catch let error as HTTPClientError where error == .remoteConnectionClosed || error == .readTimeout {
            throw ImportError.brokenOff(host: place.host)
        } catch {
            throw deadline <= .now ? timedOut : ImportError.unreachable(host: place.host)
        }
        switch response.status.code {
        case 200: return .arrived(try await file(of: response, from: place, until: deadline, name: name))
        case 301, 302, 303, 307, 308:
            guard let location = response.headers.first(name: "location"), let next = try? ImportAddress(location, relativeTo: place) else {
                throw ImportError.badRedirect(host: place.host)
            }
            return .moved(to: next)
        case let status: throw ImportError.refused(status: status, host: place.host)
        }
    }

    /// Writes the body of an answer to disk as it arrives.
    private func file(
        of response: HTTPClientResponse,
        from place: ImportAddress,
        until deadline: ContinuousClock.Instant,
        name: String
    ) async throws -> Upload {
        if let length = response.headers.first(name: "content-length").flatMap(Int64.init) {
            if let limit, length > limit { throw ArchiveError.uploadTooLarge(limitBytes: limit) }
            try await folder.checkFreeSpace(for: length)
        }
        var pieces = response.body.makeAsyncIterator()
        let file = try await folder.receive(limit: limit) {
            let piece: ByteBuffer?
            do {
                piece = try await pieces.next()
            } catch {
                throw deadline <= .now ? timedOut : ImportError.brokenOff(host: place.host)
            }
            guard deadline > .now else { throw timedOut }
            return piece
        }
        let filename = response.headers.first(name: "content-disposition").flatMap { HeaderParameters($0).filename }
        return Upload(file: file, filename: filename ?? name, declaredType: response.headers.first(name: "content-type"))
    }

    private var timedOut: ImportError { .timedOut(limitSeconds: Int(clamping: settings.timeLimit.components.seconds)) }
}
