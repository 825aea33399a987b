import Foundation
import SystemPackage
import TestSupport
import Testing

extension Journeys {
    /// Requests that are generated from the OpenAPI document, valid and invalid ones.
    @Suite struct FuzzingTests {
        @Test("no request breaks Earshot, and every answer is described")
        func fuzz() async throws {
            // An Earshot of its own, since random requests change what other tests need; and no hub, since some start downloads.
            let settings = ["MAX_FILE_SIZE_MB": "1", "MODEL_HUB_URL": "http://127.0.0.1:\(try FreePort.find())"]
            try await RunningEarshot.with(environment: settings) { earshot in
                let known = try await earshot.api.accept(Recordings.path("short-en-1.wav"), query: "?wait=120")
                try await TemporaryFolder.with { folder in
                    try folder.appending("schemathesis.toml").write(Data(Self.configuration(ids: [known.id, known.audioFileId]).utf8))
                    try folder.appending("hooks.py").write(Data(Self.hooks.utf8))
                    // A deleted resource can't be tested any more, so deletions are last.
                    try await fuzz(earshot, ["--exclude-operation-id-regex", "^delete"], in: folder)
                    #expect(try await earshot.api.transcription(known.id).status == "completed")
                    try await fuzz(earshot, ["--include-operation-id-regex", "^delete"], in: folder)
                }
                #expect(try await earshot.api.server.ask("GET", "/health/ready").status == 200)
            }
        }

        private func fuzz(_ earshot: RunningEarshot, _ choice: [String], in folder: FilePath) async throws {
            let arguments = ["--config-file", "schemathesis.toml", "run", earshot.api.server.address + "/openapi.json"]
            let outcome = try await PythonProgram.named("schemathesis", arguments + choice, folder: folder).run()
            #expect(outcome.code == 0, "\(outcome.output.suffix(20_000)) \(outcome.errorOutput.suffix(2000))")
            #expect(outcome.output.contains(/[1-9]\d+ generated/))
        }

        /// Half of the ids and names exist, so that the code behind them is tested, too. No other model is asked to
        /// transcribe than the installed one: it could not be downloaded, which is rightly a 503. Streams are read for
        /// three events, since some don't end by themselves. The phase that follows links between operations is off: there are none.
        private static func configuration(ids: [String]) -> String {
            """
            seed = 1
            color = false
            continue-on-failure = true
            hooks = "hooks"
            request-timeout = 30
            max-stream-events = 3

            [parameters]
            "path.id" = { dictionary = "ids", probability = 0.5 }
            "path.name" = { dictionary = "models", probability = 0.5 }
            "query.model" = "demo"

            [dictionaries]
            ids = { values = \(ids) }
            models = { values = ["demo", "tiny"] }

            [generation]
            max-examples = 5
            database = "none"

            [checks]
            enabled = false
            not_a_server_error.enabled = true
            status_code_conformance.enabled = true
            content_type_conformance.enabled = true
            response_schema_conformance.enabled = true

            [phases.stateful]
            enabled = false
            """
        }

        /// Serializers for bodies of unusual media types.
        private static let hooks = """
            import schemathesis

            @schemathesis.serializer("application/offset+octet-stream")
            def pieces(context, value):
                return {"data": value if isinstance(value, bytes) else str(value).encode()}

            """
    }
}
