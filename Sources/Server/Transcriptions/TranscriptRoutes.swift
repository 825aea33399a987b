import Archive
import Hummingbird
import Transcripts

/// Transcripts: segments, words, and exported files.
struct TranscriptRoutes: Sendable {
    typealias Context = APIContext

    private static let pageSize = 1000
    private static let largestPage = 10_000

    let texts: TextStore
    let reader: TranscriptionReader

    /// `GET /transcriptions/{id}/segments?from=&limit=`: a part of the segments.
    func segments(request: Request, context: Context) async throws -> SegmentList {
        let page = try Page(request)
        let id = try await reader.find(context).id
        return SegmentList(
            items: try await texts.segments(of: id, revision: page.revision, from: page.from, limit: page.limit)
                .map(SegmentResource.init),
            total: try await texts.length(of: id, revision: page.revision),
            from: page.from,
            limit: page.limit
        )
    }

    /// `GET /transcriptions/{id}/words?from=&limit=`: a part of the words with their times.
    func words(request: Request, context: Context) async throws -> WordList {
        let page = try Page(request)
        let id = try await reader.find(context).id
        let total = try await texts.wordCount(of: id, revision: page.revision)
        return WordList(
            items: try await texts.words(of: id, revision: page.revision, from: page.from, limit: page.limit)
                .map(NumberedWordResource.init),
            total: total,
            from: page.from,
            limit: page.limit
        )
    }

    /// `GET /transcriptions/{id}/export?format=srt`: the transcript as a file.
    func export(request: Request, context: Context) async throws -> Response {
        let name = request.options["format"].map(String.init) ?? TranscriptFormat.txt.rawValue
        guard let format = TranscriptFormat(rawValue: name.lowercased()) else {
            let known = TranscriptFormat.allCases.map(\.rawValue).joined(separator: ", ")
            throw APIError.badRequest("unknown_format", "Unknown format “\(name)”. Use one of: \(known).")
        }
        let revision = try OptionValues(query: request.options).revision()
        let transcription = try await reader.find(context)
        var transcript = transcription.transcript(with: try await texts.segments(of: transcription.id, revision: revision))
        transcript.damage = transcription.damage
        if format == .json { transcript.removed = try await texts.removals(of: transcription.id).map(\.removed) }
        let filename = transcription.title + "." + format.fileExtension
        return Response(
            status: .ok,
            headers: [
                .contentType: format.mediaType,
                .contentDisposition: ContentDisposition("attachment", filename: filename).text,
            ],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: format.data(of: transcript, title: transcription.title)))
        )
    }

    private struct Page {
        let revision: Int?
        let from, limit: Int

        init(_ request: Request) throws {
            let query = OptionValues(query: request.options)
            revision = try query.revision()
            from = try query.integer("from", in: 0...Int(Int32.max)) ?? 0
            limit = try query.integer("limit", in: 1...TranscriptRoutes.largestPage) ?? TranscriptRoutes.pageSize
        }
    }
}
