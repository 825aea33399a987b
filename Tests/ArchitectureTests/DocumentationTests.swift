import SystemPackage
import TestSupport
import Testing

/// The documents agree with the code.
@Suite struct DocumentationTests {
    @Test("docs/settings.md is what the program writes of its settings")
    func settings() async throws {
        let written = try await CommandLineProgram(RunningEarshot.executable.string, ["settings", "--markdown"]).succeed().output
        let document = try String(decoding: Project.root.appending("docs/settings.md").contents(), as: UTF8.self)
        #expect(document == written, "To update it: swift build && .build/debug/earshot settings --markdown >docs/settings.md")
    }

    @Test("every setting that the containers pass on exists")
    func containers() throws {
        func names(in file: String, _ pattern: Regex<(Substring, Substring)>) throws -> Set<String> {
            let text = try String(decoding: Project.root.appending(file).contents(), as: UTF8.self)
            return Set(text.matches(of: pattern).map { String($0.output.1) })
        }
        let settings = try names(in: "docs/settings.md", /\| `([A-Z_]+)` \|/)
        #expect(settings.count > 30)
        for file in ["docker-compose.yml", "docker-compose.dev.yml"] {
            // `NAME: ${NAME…}` passes a setting on under its own name.
            let passedOn = try names(in: file, /\n +([A-Z_]+): \$\{\1/)
            let foreign: Set = [
                "POSTGRES_USER", "POSTGRES_PASSWORD", "POSTGRES_DB", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "CUDA_VISIBLE_DEVICES",
            ]
            #expect(passedOn.subtracting(foreign).subtracting(settings) == [], "\(file)")
        }
    }
}
