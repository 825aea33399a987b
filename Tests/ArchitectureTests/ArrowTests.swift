import Testing

/// Which room may know which.
@Suite struct ArrowTests {
    /// The table; a change here is a change of the design.
    private static let arrows: [String: Set<String>] = [
        "earshot": [
            "Website", "Server", "Worker", "Archive", "ModelLibrary", "ModelConversion", "Speech", "Audio", "Postgres", "Transcripts",
            "HTTPSupport", "Basics",
        ],
        "Website": ["Basics", "HTTPSupport", "Transcripts"],
        "Server": ["Archive", "Audio", "Basics", "HTTPSupport", "ModelLibrary", "Transcripts"],
        "Worker": ["Archive", "Audio", "Basics", "ModelLibrary", "Speech", "Transcripts"],
        "Archive": ["Basics", "Postgres", "Transcripts"],
        "ModelLibrary": ["Basics", "Transcripts"],
        "ModelConversion": ["Basics", "ModelLibrary"],
        "Speech": ["Audio", "Basics", "ModelLibrary", "Transcripts", "CWhisper", "CZlib"],
        "Audio": ["Basics"],
        "HTTPSupport": ["Basics"],
        "Postgres": ["Basics", "CPostgres"],
        "Transcripts": ["CZlib"],
        "Basics": [],
        "CWhisper": [],
        "CPostgres": [],
        "CZlib": [],
        "TestSupport": ["Postgres", "Transcripts"],
    ]

    @Test("the rooms depend on one another exactly as the table says")
    func arrows() async throws {
        let targets = try await Project.targets().filter { $0.type != "test" }
        for target in targets {
            let allowed = try #require(Self.arrows[target.name], "\(target.name) is not in the table")
            #expect(Set(target.dependencies) == allowed, "\(target.name)")
        }
        #expect(Set(targets.map(\.name)) == Set(Self.arrows.keys))
    }

    @Test("every room imports only rooms that the table lets it know")
    func imports() async throws {
        for target in try await Project.targets() {
            guard let allowed = Self.arrows[target.name] else { continue }
            for file in try Project.files(in: target.path) {
                let imported = file.lines.compactMap(importedModule)
                let strangers = Set(imported).intersection(Self.arrows.keys).subtracting(allowed)
                #expect(strangers.isEmpty, "\(file.path)")
            }
        }
    }

    @Test(
        "a room names only those stores of the archive that it may use",
        arguments: [
            ("Sources/Worker", "Archive|RecordingStore|UploadStore|TextStore|Library|SearchIndex|EventLog|Housekeeping"),
            ("Sources/Server", "JobQueue|BlockStore|archive.queue|archive.blocks|Housekeeping"),
        ]
    )
    func stores(folder: String, forbidden: String) throws {
        let names = try Regex("\\b(\(forbidden))\\b")
        for file in try Project.files(in: folder) {
            for (number, line) in file.lines.enumerated() where importedModule(line) == nil && !line.contains("//") {
                #expect(!line.contains(names), "\(file.path):\(number + 1)")
            }
        }
    }

    /// The module of a line such as `@preconcurrency import Dispatch`.
    private func importedModule(_ line: Substring) -> String? {
        let words = line.split(separator: " ")
        guard let keyword = words.firstIndex(of: "import"), words[..<keyword].allSatisfy({ $0.hasPrefix("@") || $0 == "package" }) else {
            return nil
        }
        return words.dropFirst(keyword + 1).first.map(String.init)
    }
}
