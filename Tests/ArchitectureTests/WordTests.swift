import Foundation
import Testing

/// Names and words that the glossary replaced stay replaced.
@Suite struct WordTests {
    /// Each pattern with what to say instead.
    private static let replaced: KeyValuePairs<String, String> = [
        "overheard": "ignored",
        #"\bdesks?\b|Desk\b"#: "the name of what it does",
        #"\bear\b|EngineEar"#: "LanguageProbe",
        "outlook": "estimate",
        #"\bcompany\b"#: "a parameter",
        #"(?<!of )\bcourse\b|(?-i:[a-z]Course\b)"#: "run, plan, reading",
        "workbench": "the name of what it computes",
        #"\bheard\b|(?-i:Heard[A-Z])"#: "processed, decoded, recognized",
        "recognis(?:e|i|a)": "recognize",
        "quantis(?:e|i|a)": "quantize",
    ]

    @Test("no file has a word that the glossary replaced", arguments: ["Sources", "Tests", "benchmarks"])
    func words(folder: String) throws {
        let patterns = try Self.replaced.map { (try NSRegularExpression(pattern: $0.key, options: .caseInsensitive), $0.value) }
        // This list names the words, and earlier migrations are as they were.
        let kept = ["Tests/ArchitectureTests/WordTests.swift", "Tests/ArchiveTests/EarlierMigrations/"]
        for file in try Project.texts(in: folder) where !kept.contains(where: file.path.hasPrefix) {
            for (pattern, instead) in patterns {
                let match = pattern.firstMatch(in: file.text, range: NSRange(file.text.startIndex..., in: file.text))
                guard let range = match.flatMap({ Range($0.range, in: file.text) }) else { continue }
                let line = file.text[..<range.lowerBound].count { $0 == "\n" } + 1
                Issue.record("\(file.path):\(line) has “\(file.text[range])”; say instead: \(instead)")
            }
        }
    }

    /// Halves of one type that would be too long together; docs/glossary.md says so.
    private static let halves: Set<String> = ["Worker+prepare.swift", "Worker+recognize.swift"]

    @Test("a file Type+topic.swift extends a type of another room; within a room, files are named for what they declare")
    func names() throws {
        let files = try Project.files(in: "Sources")
        let rooms = Dictionary(grouping: files) { $0.path.split(separator: "/")[1] }
        for (room, files) in rooms {
            let declared = Set(
                files.flatMap { file in
                    file.lines.compactMap { line in
                        line.firstMatch(of: /^(?:[a-z]+ )*(?:struct|class|enum|actor|protocol) ([A-Z]\w*)/).map { String($0.output.1) }
                    }
                }
            )
            for file in files {
                let name = file.path.split(separator: "/").last.map(String.init) ?? ""
                guard let plus = name.firstIndex(of: "+"), !Self.halves.contains(name) else { continue }
                #expect(!declared.contains(String(name[..<plus])), "\(file.path) extends a type of its own room, \(room)")
            }
        }
    }
}
