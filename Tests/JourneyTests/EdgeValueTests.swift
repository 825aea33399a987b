import Foundation
import TestSupport
import Testing

extension Journeys {
    /// Sends edge values for every parameter, field and property in the API's document.
    @Suite struct EdgeValueTests {
        @Test("no number, date or text in any parameter ends the process or causes a 5xx")
        func edges() async throws {
            // An Earshot of its own, because the requests change what other tests need. Its hub and its imports lead nowhere.
            let nowhere = "127.0.0.1:\(try FreePort.find())"
            let settings = [
                "MAX_FILE_SIZE_MB": "1", "MODEL_HUB_URL": "http://\(nowhere)", "IMPORT_URLS": "true",
                "IMPORT_ALLOW_PRIVATE": "127.0.0.1/32",
            ]
            try await RunningEarshot.with(environment: settings) { earshot in
                let process = try #require(await earshot.processID)
                let document = try APIDescription(try await earshot.api.server.ask("GET", "/openapi.json").body)
                let scene = try await EdgeScene(earshot, nowhere: nowhere)
                var sent = 0
                for operation in document.operations {
                    let requests = try await EdgeRequests(operation, of: document, in: scene).all
                    sent += requests.count
                    await send(requests, to: earshot, operation)
                    try await scene.emptyQueue()
                }
                // Edge values that were stored must be readable.
                for request in try await scene.everythingStored() { await send([request], to: earshot, nil) }
                #expect(sent > 3000, "too few requests: the document was not walked")
                #expect(await earshot.processID == process, "\(earshot.output.suffix(2000))")
                #expect(try await earshot.api.server.ask("GET", "/health/ready").status == 200)
            }
        }

        /// Sends requests, eight at a time. If one of them ended the process, starts it again, so that the others are tried as well.
        private func send(_ requests: [EdgeRequest], to earshot: RunningEarshot, _ operation: APIDescription.Operation?) async {
            let server = earshot.api.server
            await withTaskGroup(of: Void.self) { group in
                for (index, request) in requests.enumerated() {
                    if index >= 8 { await group.next() }
                    group.addTask { await expect(request, on: server, operation) }
                }
            }
            guard await earshot.processID == nil else { return }
            Issue.record("The process ended: \(operation?.method ?? "") \(operation?.path ?? "")\n\(earshot.output.suffix(1000))")
            try? await earshot.start()
        }

        private func expect(_ request: EdgeRequest, on server: HTTPServer, _ operation: APIDescription.Operation?) async {
            do {
                let status: Int
                if request.isEndless {
                    status = try await server.status(request.method, request.target, headers: request.headers)
                } else {
                    let body = request.body
                    status = try await server.ask(request.method, request.target, headers: request.headers, body: body).status
                }
                let isDescribed = status == 503 && operation?.description["responses"]?["503"] != nil
                #expect(status < 500 || isDescribed, "\(request)")
            } catch {
                Issue.record("\(request) has no answer: \(error)")
            }
        }
    }
}
