import Foundation
import TestSupport
import Testing

extension Journeys {
    /// Lists, filters, deletions and statistics, over HTTP.
    @Suite struct LibraryTests {
        @Test("a list is read page by page, with the total count, also through the website", arguments: [false, true])
        func pages(throughWebsite: Bool) async throws {
            let earshot = try SharedEarshot.running
            let api = throughWebsite ? earshot.website : earshot.api
            var ids: Set<String> = []
            for _ in 0..<3 { ids.insert(try await api.accept(Recordings.path("short-en-5.wav")).id) }
            for id in ids { _ = try await api.finished(id) }
            for sort in ["created_at", "-created_at", "name", "-name", "duration", "-duration"] {
                let filter = "q=SHORT-en-5&status=completed&sort=\(sort)&limit=2"
                let first = try await api.transcriptions(filter)
                #expect(first.items.count == 2)
                let cursor = try #require(first.nextCursor)
                let rest = try await api.transcriptions(filter.replacing("limit=2", with: "limit=100") + "&cursor=\(cursor)")
                #expect(rest.nextCursor == nil)
                #expect(first.total == rest.total)
                let seen = (first.items + rest.items).map(\.id)
                #expect(seen.count == first.total)
                #expect(ids.isSubset(of: seen))
                #expect(Set(seen).count == seen.count)
            }
            #expect(try await api.transcriptions("limit=1&q=short-en-5&offset=1").total >= 3)
        }

        @Test("a filter returns the matching transcriptions")
        func filters() async throws {
            let api = try SharedEarshot.running.api
            let one = try await api.finished(api.accept(Recordings.path("short-de-3.wav"), query: "?language=de").id)
            func ids(_ query: String) async throws -> [String] { try await api.transcriptions("limit=100&" + query).items.map(\.id) }
            let right = [
                "status=completed", "language=German", "model=demo", "audio_file_id=\(one.audioFileId)", "created_after=2020-01-01",
            ]
            for query in right {
                #expect(try await ids(query).contains(one.id), "\(query)")
            }
            for query in [
                "status=failed,cancelled", "language=es", "model=large", "tag=none", "created_before=2020-01-01T00:00:00Z", "q=%25",
            ] {
                #expect(try await !ids(query).contains(one.id), "\(query)")
            }
        }

        @Test(
            "an invalid parameter is refused by name",
            arguments: [
                ("status=odd", "invalid_status"), ("language=klingon", "unknown_language"), ("audio_file_id=x", "invalid_audio_file_id"),
                ("created_after=yesterday", "invalid_created_after"), ("sort=size", "invalid_sort"), ("limit=0", "invalid_limit"),
                ("offset=-1", "invalid_offset"), ("cursor=x", "invalid_cursor"), ("cursor=e30=", "invalid_cursor"),
                ("cursor=\(cursor("name", "a"))", "invalid_cursor"),
                ("cursor=\(cursor("created_at", "99999999999999999999"))", "invalid_cursor"),
                ("cursor=\(cursor("created_at", "1"))&offset=1", "invalid_cursor"),
            ]
        )
        func refusals(query: String, code: String) async throws {
            let answer = try await SharedEarshot.running.api.server.ask("GET", "/api/v1/transcriptions?" + query)
            #expect(answer.status == 400, "\(answer.text)")
            #expect(try answer.json(EarshotAPI.Refusal.self).code == code)
        }

        private static func cursor(_ sort: String, _ value: String) -> String {
            let content = #"{"sort":"\#(sort)","isDescending":true,"value":"\#(value)","id":"\#(UUID())"}"#
            return Data(content.utf8).base64EncodedString()
        }

        @Test("many transcriptions are deleted in one request, which returns the ids that do not exist")
        func deletion() async throws {
            let api = try SharedEarshot.running.api
            let recording = Recordings.path("short-en-6.wav")
            let ids = [try await api.accept(recording).id, try await api.accept(recording).id]
            let unknown = UUID().uuidString.lowercased()
            let list = JSONValue.list((ids + [unknown, ids[0]]).map(JSONValue.text))
            let answer = try await api.server.send("POST", "/api/v1/transcriptions/delete", json: .object(["ids": list]))
            #expect(answer.status == 200)
            let outcome = try answer.json(JSONValue.self)
            #expect(outcome == .object(["deleted": .list(ids.map(JSONValue.text)), "not_found": .list([.text(unknown)])]))
            #expect(try await api.transcriptions("q=short-en-6").total == 0)

            let path = "/api/v1/transcriptions/delete"
            for (ids, code) in [([JSONValue.text("x")], "invalid_id"), (Array(repeating: .text(unknown), count: 1001), "too_many_ids")] {
                let refused = try await api.server.send("POST", path, json: .object(["ids": .list(ids)]))
                #expect(refused.status == 400)
                #expect(try refused.json(EarshotAPI.Refusal.self).code == code)
            }
            #expect(try await api.server.ask("POST", path, body: Data(#"{"ids":[]}"#.utf8)).status == 415)
        }

        @Test("statistics, and version, default model and limits")
        func numbers() async throws {
            let api = try SharedEarshot.running.api
            let done = try await api.finished(api.accept(Recordings.path("short-en-7.wav")).id)
            let numbers = try await api.server.ask("GET", "/api/v1/statistics").json(JSONValue.self)
            let total = try await api.transcriptions("limit=1").total
            #expect(numbers["transcriptions_total"]?.number == Double(total))
            #expect((numbers["transcriptions_by_status"]?["completed"]?.number ?? 0) >= 1)
            #expect(numbers["transcriptions_by_status"]?["paused"]?.number != nil)
            #expect((numbers["audio_hours_by_model"]?["demo"]?.number ?? 0) > 0)
            #expect((numbers["real_time_factor"]?.number ?? 0) > 0)
            #expect((numbers["words"]?.number ?? 0) >= Double((done.text ?? "").split(separator: " ").count))
            let stored = try SharedEarshot.running.storedFiles().count
            #expect(numbers["audio_files"]?.number == Double(stored))

            let info = try await api.server.ask("GET", "/api/v1/info").json(JSONValue.self)
            #expect(info["app_name"]?.text == "Earshot")
            #expect(info["whisper_model"]?["model_name"]?.text == "demo")
            #expect(info["whisper_model"]?["device"]?.text == "cpu")
            #expect(info["whisper_model"]?["compute_type"]?.text == "q8_0")
            #expect(info["whisper_model"]?["cuda_available"]?.flag == false)
            #expect(info["supported_languages_count"]?.number == 100)
            #expect(info["max_file_size_mb"] == .null)
            let root = try await api.server.ask("GET", "/").json(JSONValue.self)
            #expect(root["info"]?.text == "/api/v1/info")
            #expect(root["version"]?.text == info["app_version"]?.text)
        }
    }
}
