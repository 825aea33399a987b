import Foundation
import HTTPSupport
import Hummingbird
import Logging
import NIOCore

/// Turns errors into a page for people and into JSON for programs.
struct ErrorPages: RouterMiddleware {
    let folder: WebFolderSource

    func handle(
        _ request: Request,
        context: WebsiteContext,
        next: (Request, WebsiteContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let problem as Problem {
            return try await answer(problem, request)
        } catch let refusal as AccessRefusal {
            return try await answer(.refused(refusal), request)
        } catch let error as HTTPError where error.status == .notFound {
            return try await answer(.notFound, request)
        } catch let error as any HTTPResponseError {
            var problem = Problem.unexpected
            problem.status = error.status
            problem.code = "request_refused"
            problem.title = error.status.reasonPhrase
            return try await answer(problem, request)
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            context.logger.error("Request failed", metadata: ["path": "\(request.uri.path)", "error": "\(error)"])
            return try await answer(.unexpected, request)
        }
    }

    private func answer(_ problem: Problem, _ request: Request) async throws -> Response {
        if Proxy.covers(request.uri.path) { return try problem.json() }
        let web = try await folder.current()
        return try web.page("error", ErrorView(problem: problem, address: request.uri.string), status: problem.status)
    }
}

/// What the error page shows.
private struct ErrorView {
    let pageTitle: String
    let detail: String
    let number: Int
    let isNotFound: Bool
    /// The address to try again, if that may help.
    let retry: String?

    init(problem: Problem, address: String) {
        pageTitle = problem.title
        detail = problem.detail
        number = problem.status.code
        isNotFound = problem.status == .notFound
        retry = problem.status.code >= 502 ? address : nil
    }
}

extension Problem {
    /// The answer for programs, in the shape of the API's own errors.
    func json() throws -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let body = try encoder.encode(["detail": "\(title). \(detail)", "error_type": "WebsiteError", "code": code])
        return Response(
            status: status,
            headers: [.contentType: "application/json; charset=utf-8", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: body))
        )
    }
}
