import Foundation
import TestSupport
import Testing

extension Journeys {
    /// Every parameter, field and property that the API describes is sent the values at which programs break.
    @Suite struct EdgeValueTests {
        @Test("whatever number, date or text is sent to whichever parameter, the process lives, and no answer is a fault of the server")
        func edges() async throws {
            // One of its own: what is sent changes things that other tests need. It has no hub, and imports lead nowhere.
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
                // What was stored on the way is read, too.
                for request in try await scene.everythingStored() { await send([request], to: earshot, nil) }
                #expect(sent > 3000, "so few that the document can't have been walked")
                #expect(await earshot.processID == process, "\(earshot.output.suffix(2000))")
                #expect(try await earshot.api.server.ask("GET", "/health/ready").status == 200)
            }
        }

        /// Sends requests, several at a time, and starts Earshot again where one of them ended it, so that the others are met as well.
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
