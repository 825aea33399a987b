import Foundation
import TestSupport
import Testing

extension Journeys {
    /// Search inside transcripts.
    @Suite struct SearchTests {
        private struct Found: Decodable {
            struct Part: Decodable, Equatable {
                let text: String
                let isMatch: Bool
            }

            struct Item: Decodable {
                let transcriptionId: String
                let name: String
                let segmentId: Int
                let start: Double
                let end: Double
                let language: String?
                let text: String
                let parts: [Part]
                let match: String
                let score: Double
            }

            let items: [Item]
            let total: Int?
            let hasMore: Bool
            let nextCursor: String?
        }

        private func search(_ query: [String: String], on server: HTTPServer) async throws -> HTTPAnswer {
            var address = URLComponents()
            address.path = "/api/v1/search"
            address.queryItems = query.sorted { $0.key < $1.key }.map { URLQueryItem(name: $0.key, value: $0.value) }
            return try await server.ask("GET", try #require(address.string).replacing("+", with: "%2B"))
        }

        @Test("a word of a recording is found where it was said, with its parts and its time", arguments: [false, true])
        func words(throughWebsite: Bool) async throws {
            let earshot = try SharedEarshot.running
            let api = throughWebsite ? earshot.website : earshot.api
            let recording = Recordings.named("short-de-1.wav")
            let made: EarshotAPI.Transcription = try await api.upload(recording.path, query: "?wait=120").json()
            let segment = try #require(made.segments?.first)
            let word = try #require(segment.text.split(whereSeparator: { !$0.isLetter }).last.map(String.init))
            let found: Found = try await search(["q": word, "transcription_id": made.id], on: api.server).json()
            let item = try #require(found.items.first)
            #expect(item.transcriptionId == made.id)
            #expect(item.name == "short-de-1.wav")
            #expect(item.segmentId == segment.id)
            #expect(item.start == segment.start && item.end == segment.end)
            #expect(item.language == "de")
            #expect(item.text == segment.text)
            #expect(item.parts.map(\.text).joined() == segment.text)
            #expect(item.parts.contains(Found.Part(text: word, isMatch: true)))
            #expect(found.total == found.items.count && !found.hasMore)
            // Encoded as forms encode it.
            let words: String = segment.text.split(whereSeparator: { !$0.isLetter }).joined(separator: "+")
            let escaped = try #require(words.addingPercentEncoding(withAllowedCharacters: .urlQueryAllowed))
            let asForm = "/api/v1/search?q=\(escaped)&transcription_id=\(made.id)"
            #expect(try await api.server.ask("GET", asForm).json(Found.self).items.first?.text == segment.text)
            #expect(try await api.delete(made.id).status == 204)
            let gone: Found = try await search(["q": word, "transcription_id": made.id], on: api.server).json()
            #expect(gone.items.isEmpty)
        }

        @Test("pages follow one another by their cursors")
        func pages() async throws {
            let api = try SharedEarshot.running.api
            let made: EarshotAPI.Transcription = try await api.upload(Recordings.path("clip25-en.wav"), query: "?wait=120").json()
            let texts = try #require(made.segments).map(\.text)
            let words = texts[0].split { !$0.isLetter }.map(String.init)
            let word = try #require(words.max { $0.count < $1.count })
            let query = ["q": "\(word) or the or is", "transcription_id": made.id, "limit": "1"]
            var ids: [Int] = []
            var cursor: String?
            repeat {
                let page: Found = try await search(query.merging(cursor.map { ["cursor": $0] } ?? [:]) { $1 }, on: api.server).json()
                ids += page.items.map(\.segmentId)
                #expect(page.hasMore == (page.nextCursor != nil))
                cursor = page.nextCursor
            } while cursor != nil
            #expect(!ids.isEmpty && Set(ids).count == ids.count)
        }

        @Test(
            "an invalid parameter is refused by name, and a query without words finds nothing",
            arguments: [
                ([:], 400, "missing_query"), (["q": ""], 400, "missing_query"),
                (["q": String(repeating: "x", count: 10_000)], 400, "query_too_long"),
                (["q": "a", "cursor": "x"], 400, "invalid_cursor"), (["q": "a", "limit": "0"], 400, "invalid_limit"),
                (["q": "a", "transcription_id": "1"], 400, "invalid_transcription_id"),
                (["q": "a", "language": "xx"], 400, "unknown_language"),
                (["q": "\u{0}"], 200, nil), (["q": "\"-'&|!"], 200, nil), (["q": "😀"], 200, nil), (["q": "%_\\"], 200, nil),
            ] as [([String: String], Int, String?)]
        )
        func refusals(query: [String: String], status: Int, code: String?) async throws {
            let answer = try await search(query, on: SharedEarshot.running.api.server)
            #expect(answer.status == status)
            if let code {
                #expect(try answer.json(EarshotAPI.Refusal.self).code == code)
            } else {
                #expect(try answer.json(Found.self).items.isEmpty)
            }
        }
    }
}
