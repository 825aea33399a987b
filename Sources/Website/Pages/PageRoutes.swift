import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOHTTP1

/// The pages, each made from answers of the API.
struct PageRoutes {
    let folder: WebFolderSource
    let api: APIClient
    let proxy: Proxy

    /// `/`: the upload page. It opens even if the API does not answer, and says so.
    @Sendable
    func upload(_ request: Request, context: WebsiteContext) async throws -> Response {
        let web = try await folder.current()
        do {
            async let models = api.value(at: "/api/v1/models/available", as: ModelList.self)
            async let latest = api.value(at: "/api/v1/transcriptions?limit=5&offset=0", as: TranscriptionList.self)
            return try await web.page("upload", UploadView(models: models.models, latest: latest.items, problem: nil))
        } catch let problem as Problem {
            context.logger.warning("API unavailable", metadata: ["code": "\(problem.code)"])
            return try web.page("upload", UploadView(models: [], latest: [], problem: problem))
        }
    }

    /// `/upload`: takes the form of a browser without JavaScript and redirects to the new transcription.
    @Sendable
    func receiveUpload(_ request: Request, context: WebsiteContext) async throws -> Response {
        let answer = try await proxy.forward(request, to: "/api/v1/transcriptions", context: context)
        let body = try await bytes(of: answer, upTo: 1 << 20)
        guard (200..<300).contains(answer.status.code) else {
            throw api.refusal(status: HTTPResponseStatus(statusCode: answer.status.code), body: body)
        }
        let accepted = try JSONDecoder().decode(Accepted.self, from: Data(body.readableBytesView))
        return .redirect(to: "/transcriptions/\(accepted.id)", type: .normal)
    }

    /// `/library`: all transcriptions, newest first.
    @Sendable
    func library(_ request: Request, context: WebsiteContext) async throws -> Response {
        let page = max(1, request.uri.queryParameters.get("page", as: Int.self) ?? 1)
        let offset = (min(page, 1_000_000) - 1) * LibraryView.pageSize
        let list: TranscriptionList = try await api.value(at: "/api/v1/transcriptions?limit=\(LibraryView.pageSize)&offset=\(offset)")
        if page > 1, list.items.isEmpty { return .redirect(to: "/library", type: .normal) }
        return try await folder.current().page("library", LibraryView(list: list, page: page))
    }

    /// `/transcriptions/ID`: one transcription with its player and transcript.
    @Sendable
    func transcription(_ request: Request, context: WebsiteContext) async throws -> Response {
        async let models = try? api.value(at: "/api/v1/models/available", as: ModelList.self)
        let transcription = try await fetchTranscription(context)
        var removals: RemovalList?
        if transcription.status == "completed" {
            removals = try? await api.value(at: "/api/v1/transcriptions/\(identifier(context))/removals")
        }
        let view = await TranscriptionView(transcription, models: models?.models ?? [], removals: removals?.items ?? [])
        return try await folder.current().page("transcription", view)
    }

    /// `/recordings/ID`: the address of a transcription in former versions, which bookmarks may hold.
    @Sendable
    func formerAddress(_ request: Request, context: WebsiteContext) async throws -> Response {
        .redirect(to: "/transcriptions/\(try identifier(context))", type: .permanent)
    }

    /// Cancels, pauses, resumes or retries, and redirects to the transcription.
    @Sendable
    func control(_ request: Request, context: WebsiteContext) async throws -> Response {
        let action = context.parameters.get("action") ?? ""
        guard ["cancel", "pause", "resume", "retry"].contains(action) else { throw Problem.notFound }
        let path = try "/api/v1/transcriptions/\(identifier(context))/\(action)"
        do {
            try await api.post(path)
        } catch let problem as Problem where problem.status == .conflict {
            // It ended, or another window was quicker: the page shows its current state.
        }
        return .redirect(to: "/transcriptions/\(try identifier(context))", type: .normal)
    }

    /// Restores a removal, and redirects to the transcription.
    @Sendable
    func restore(_ request: Request, context: WebsiteContext) async throws -> Response {
        let removal = context.parameters.get("removal") ?? ""
        guard !removal.isEmpty, removal.utf8.count <= 40, removal.utf8.allSatisfy(isWordByte) else { throw Problem.notFound }
        try await api.post("/api/v1/transcriptions/\(identifier(context))/removals/\(removal)/restore")
        return .redirect(to: "/transcriptions/\(try identifier(context))", type: .normal)
    }

    /// `/transcriptions/ID/delete`: asks for confirmation, for browsers without JavaScript.
    @Sendable
    func confirmDeletion(_ request: Request, context: WebsiteContext) async throws -> Response {
        let transcription = try await fetchTranscription(context)
        return try await folder.current().page("delete", TranscriptionView(transcription))
    }

    /// Deletes, and redirects to the library.
    @Sendable
    func delete(_ request: Request, context: WebsiteContext) async throws -> Response {
        try await api.delete("/api/v1/transcriptions/\(identifier(context))")
        return .redirect(to: "/library", type: .normal)
    }

    private func fetchTranscription(_ context: WebsiteContext) async throws -> TranscriptionResource {
        do {
            return try await api.value(at: "/api/v1/transcriptions/\(identifier(context))")
        } catch let problem as Problem where problem.status.code == 400 || problem.status.code == 422 {
            throw Problem.notFound
        }
    }

    /// The identifier in the address; throws if it can't be one.
    private func identifier(_ context: WebsiteContext) throws -> String {
        let id = try context.parameters.require("id")
        guard (1...64).contains(id.utf8.count), id.utf8.allSatisfy({ isWordByte($0) }) else { throw Problem.notFound }
        return id
    }

    private func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        default: byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
        }
    }

    private func bytes(of response: Response, upTo limit: Int) async throws -> ByteBuffer {
        let sink = ByteSink(limit: limit)
        try await response.body.write(sink)
        return sink.bytes
    }
}

/// The part of the API's answer to an upload that is needed here.
private struct Accepted: Decodable {
    let id: String
}
