import SystemPackage
import TestSupport
import Testing

/// The picture of the rooms in docs/architecture.md.
@Suite struct DiagramTests {
    @Test("the picture shows every room, and every arrow that does not follow from others")
    func rooms() async throws {
        let rooms = try await Project.targets().filter { $0.type != "test" }
        let arrows = Dictionary(uniqueKeysWithValues: rooms.map { ($0.name, Set($0.dependencies)) })
        let essential = arrows.mapValues { direct in
            direct.subtracting(direct.flatMap { reachable(from: $0, by: arrows) })
        }
        #expect(try drawn() == essential.filter { !$0.value.isEmpty })
    }

    /// The arrows of lines such as `Worker --> Archive & Speech`.
    private func drawn() throws -> [String: Set<String>] {
        let text = try String(decoding: Project.root.appending("docs/architecture.md").contents(), as: UTF8.self)
        let picture = try #require(text.split(separator: "```mermaid\n").dropFirst().first?.split(separator: "```").first)
        let lines = picture.matches(of: /(\w+) --> ([\w &]+)/)
        return try Dictionary(lines.map { ($0.output.1.description, Set($0.output.2.split(separator: " & ").map(String.init))) }) { _, _ in
            throw DrawnTwice()
        }
    }

    private struct DrawnTwice: Error {}

    private func reachable(from room: String, by arrows: [String: Set<String>]) -> Set<String> {
        arrows[room, default: []].reduce(into: []) { $0.formUnion(reachable(from: $1, by: arrows).union([$1])) }
    }
}
