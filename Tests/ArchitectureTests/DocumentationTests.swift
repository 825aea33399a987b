import SystemPackage
import TestSupport
import Testing

/// What the README says and the code does must be the same.
@Suite struct DocumentationTests {
    @Test("the README's table of settings has every setting, and no other")
    func settings() throws {
        let source = try #require(Project.files(in: "Sources").first { $0.path.hasSuffix("earshot/Settings.swift") })
        // Keys are written with dots in the code: "api.port" is API_PORT.
        let keys = source.lines.flatMap { line in
            line.matches(of: /\(\s*"([a-z]+(?:\.[a-z]+)+)"/).map { $0.output.1.replacing(".", with: "_").uppercased() }
        }
        let readme = try String(decoding: Project.root.appending("README.md").contents(), as: UTF8.self)
        let table = try #require(readme.split(separator: "## Settings").last?.split(separator: "\n## ").first)
        let rows = table.split(separator: "\n").filter { $0.hasPrefix("| `") }
        let documented = rows.flatMap { row in
            row.split(separator: "|").first.map { $0.matches(of: /`([A-Z_]+)`/).map { String($0.output.1) } } ?? []
        }
        #expect(keys.count > 10)
        #expect(keys.sorted() == documented.sorted())
    }
}
