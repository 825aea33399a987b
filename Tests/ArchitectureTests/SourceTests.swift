import Testing

/// What holds for every source file.
@Suite struct SourceTests {
    @Test("no file is longer than 400 lines", arguments: ["Sources", "Tests"])
    func length(folder: String) throws {
        for file in try Project.files(in: folder) {
            #expect(file.lines.count <= 401, "\(file.path)")
        }
    }

    @Test("nothing in the product can end the process or throws a cause away by force")
    func force() throws {
        for file in try Project.files(in: "Sources") {
            for (number, line) in file.lines.enumerated() where !isComment(line) {
                let words = ["try! ", "as! ", "fatalError("].filter { line.contains($0) }
                #expect(words.isEmpty, "\(file.path):\(number + 1)")
            }
        }
    }

    @Test("nothing is public, for nobody outside builds on it")
    func access() throws {
        for file in try Project.files(in: "Sources") {
            for (number, line) in file.lines.enumerated() {
                let text = line.drop { $0 == " " }
                #expect(!text.hasPrefix("public ") && !text.hasPrefix("open class"), "\(file.path):\(number + 1)")
            }
        }
    }

    @Test("every type that other rooms may use has a sentence that says what it is")
    func documentation() throws {
        for file in try Project.files(in: "Sources") {
            var isDocumented = false
            for (number, line) in file.lines.enumerated() {
                let text = line.drop { $0 == " " }
                if text.hasPrefix("///") {
                    isDocumented = true
                } else if !text.hasPrefix("@") {
                    #expect(!needsDocumentation(text) || isDocumented, "\(file.path):\(number + 1)")
                    isDocumented = false
                }
            }
        }
    }

    @Test("no test waits for a length of time instead of for what it wants to see")
    func sleep() throws {
        // What the support waits with looks for something in between. The soak tests strike at random moments, and freeze for a time.
        let free = ["Tests/Support/", "Tests/JourneyTests/Soak/", "Tests/ArchitectureTests/SourceTests.swift"]
        for file in try Project.files(in: "Tests") where !free.contains(where: file.path.hasPrefix) {
            for (number, line) in file.lines.enumerated() where !isComment(line) {
                let words = ["Task.sleep(", " usleep(", " sleep("].filter { line.contains($0) }
                #expect(words.isEmpty, "\(file.path):\(number + 1)")
            }
        }
    }

    /// Types do; what their members do is for readers of the code to ask.
    private func needsDocumentation(_ declaration: Substring) -> Bool {
        guard declaration.hasPrefix("package ") else { return false }
        let words = declaration.split(separator: " ").dropFirst().drop { ["final", "indirect"].contains($0) }
        return words.first.map { ["struct", "class", "enum", "actor", "protocol"].contains($0) } == true
    }

    private func isComment(_ line: Substring) -> Bool {
        line.drop { $0 == " " }.hasPrefix("//")
    }
}
