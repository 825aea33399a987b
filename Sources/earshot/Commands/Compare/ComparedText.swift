import ArgumentParser
import Foundation
import Transcripts

/// A text that a command compares with another.
struct ComparedText {
    let text: String

    /// Reads a file, or standard input for “-”.
    init(_ path: String) throws(CommandError) {
        do {
            let data = path == "-" ? try FileHandle.standardInput.readToEnd() ?? Data() : try Data(contentsOf: URL(filePath: path))
            text = try WrittenText.text(of: data, named: path == "-" ? "" : path)
        } catch let error as WrittenText.Unreadable {
            throw CommandError("\(path) \(error.description)")
        } catch {
            throw CommandError("\(path) cannot be read: \(error.localizedDescription)")
        }
    }

    /// Refuses to read standard input twice.
    static func check(_ paths: String...) throws {
        if paths.count(where: { $0 == "-" }) > 1 { throw ValidationError("Only one of the two texts can come from standard input.") }
    }
}
