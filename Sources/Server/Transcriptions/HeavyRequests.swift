import Archive
import Basics
import Foundation
import Hummingbird
import NIOCore

/// Lets only a few requests about large texts work at the same time, on threads of their own, so that all other requests are answered as
/// quickly as ever.
struct HeavyRequests: RouterMiddleware {
    /// A request about more segments than this, or with a larger body in bytes, is heavy: three hours of speech have as many.
    private static let manySegments = 3000
    private static let largeBody = 250_000

    let texts: TextStore
    let turnstile: Turnstile
    /// The largest body that any of the requests may have, in bytes.
    let largestBody: Int

    func handle(
        _ request: Request,
        context: APIContext,
        next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        var request = request
        // Before it takes a place: a client may take long to send it.
        let body = try await request.receiveBody(upTo: largestBody)
        guard try await isHeavy(request, body: body, context: context) else { return try await next(request, context) }
        return try await turnstile.pass {
            try await withTaskExecutorPreference(HeavyThreads.shared) { try await next(request, context) }
        }
    }

    private func isHeavy(_ request: Request, body: Int, context: APIContext) async throws -> Bool {
        if body > Self.largeBody { return true }
        guard let id = context.parameters.get("id", as: UUID.self) else { return false }
        // A wrong number is refused by the route.
        let revision = (try? OptionValues(query: request.options).revision()) ?? nil
        return try await texts.length(of: id, revision: revision) > Self.manySegments
    }
}

extension Request {
    /// Reads the whole body, so that later reads find it in memory; returns its length in bytes.
    fileprivate mutating func receiveBody(upTo limit: Int) async throws -> Int {
        do {
            return try await collectBody(upTo: limit).readableBytes
        } catch is NIOTooManyBytesError {
            throw APIError.bodyTooLarge(limit)
        }
    }
}

/// The threads of heavy requests: to read or write megabytes of JSON takes a second or more, in which a thread of the cooperative pool would
/// serve no other request.
private final class HeavyThreads: TaskExecutor {
    static let shared = HeavyThreads()

    private let threads = BlockingThreads(count: System.coreCount)

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        threads.start { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
