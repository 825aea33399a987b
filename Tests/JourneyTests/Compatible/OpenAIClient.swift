import Foundation
import SystemPackage
import TestSupport

/// OpenAI's own client for Python, unmodified.
enum OpenAIClient {
    /// Runs a program that has `client`, the same as `async_client`, the addresses of test recordings as `paths`, and `check`, which holds
    /// an answer against the client's own types; and decodes the JSON that it prints.
    static func run<Value: Decodable>(
        _ program: String,
        _ paths: FilePath...,
        on server: HTTPServer,
        as type: Value.Type = Value.self
    ) async throws -> Value {
        let outcome = try await PythonProgram.text(opening + program, [server.address] + paths.map(\.string)).succeed()
        return try HTTPAnswer(status: 200, body: Data(outcome.output.utf8)).json(type)
    }

    private static let opening = """
        import asyncio, json, sys, urllib.request
        import openai
        from openai.types import audio
        address, paths = sys.argv[1], sys.argv[2:]
        client = openai.OpenAI(base_url=address + "/v1", api_key="not needed", max_retries=0)
        async_client = openai.AsyncOpenAI(base_url=address + "/v1", api_key="not needed", max_retries=0)

        def check(answer):
            type(answer).model_validate(answer.to_dict())
            return answer

        def say(value):
            print(json.dumps(value))

        def transcribe(path, model="whisper-1", **options):
            with open(path, "rb") as file:
                return client.audio.transcriptions.create(file=file, model=model, **options)


        """
}
