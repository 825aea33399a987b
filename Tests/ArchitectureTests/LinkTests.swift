import Foundation
import SystemPackage
import TestSupport
import Testing

/// What the documents refer to exists.
@Suite struct LinkTests {
    @Test("every link of the documents leads to a file of the project, and its anchor to a heading")
    func links() throws {
        for document in try documents() {
            let text = try text(of: document)
            for link in text.matches(of: /\]\(([^)\s]+)\)/).map(\.output.1) where !link.contains(":") {
                let parts = link.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
                let target = parts[0].isEmpty ? document : document.removingLastComponent().pushing(FilePath(String(parts[0])))
                #expect(exists(target), "\(document): \(link)")
                if parts.count == 2, exists(target) {
                    #expect(try anchors(of: target).contains(String(parts[1])), "\(document): \(link)")
                }
            }
        }
    }

    @Test("every file and folder that the documents name exists")
    func paths() throws {
        let folders = try FileManager.default.contentsOfDirectory(atPath: Project.root.appending("Sources").string)
        let beginnings = Set(folders + ["Sources", "Tests", "docs", "scripts", "benchmarks", "findings"])
        for document in try documents() {
            for path in try text(of: document).matches(of: /`([\w.+-]+\/[\w.+\/-]+)`/).map(\.output.1) {
                guard beginnings.contains(String(path.prefix { $0 != "/" })) else { continue }
                // A room's files are named without `Sources`, and types without the ending of their file.
                let candidates = ["\(path)", "Sources/\(path)", "Sources/\(path).swift"]
                #expect(candidates.contains { exists(FilePath($0)) }, "\(document): \(path)")
            }
        }
    }

    /// The project's Markdown files, by their paths from its root. What changed is told in the words of its time.
    private func documents() throws -> [FilePath] {
        let root = try FileManager.default.contentsOfDirectory(atPath: Project.root.string)
        let nested = root.filter { !$0.hasPrefix(".") }.flatMap { folder in
            (FileManager.default.subpaths(atPath: Project.root.appending(folder).string) ?? []).map { "\(folder)/\($0)" }
        }
        return (root + nested).filter { $0.hasSuffix(".md") && $0 != "CHANGELOG.md" }.sorted().map { FilePath($0) }
    }

    private func text(of document: FilePath) throws -> String {
        try String(decoding: Project.root.pushing(document).contents(), as: UTF8.self)
    }

    private func exists(_ path: FilePath) -> Bool {
        FileManager.default.fileExists(atPath: Project.root.pushing(path).lexicallyNormalized().string)
    }

    /// The anchors that a document's headings have: in lower case, without punctuation, with hyphens for spaces.
    private func anchors(of document: FilePath) throws -> Set<String> {
        let headings = try text(of: document).split(separator: "\n").filter { $0.hasPrefix("#") }
        return Set(
            headings.map { heading in
                heading.drop { $0 == "#" || $0 == " " }.lowercased().filter { $0.isLetter || $0.isNumber || "-_ ".contains($0) }
                    .replacing(" ", with: "-")
            }
        )
    }
}
