import ArgumentParser
import Foundation
import Transcripts

/// A file whose text is compared with another's; "-" is standard input.
struct ComparedText {
    /// The words in the file.
    let text: String

    /// Reads a file; the error says which one and what is wrong with it, for a person.
    init(_ path: String) throws(Unreadable) {
        do {
            let data =
                path == "-" ? try FileHandle.standardInput.readToEnd() ?? Data() : try Data(contentsOf: URL(filePath: path))
            text = try WrittenText.text(of: data, named: path == "-" ? "" : path)
        } catch let error as WrittenText.Unreadable {
            throw Unreadable(description: "\(path) \(error.description)")
        } catch {
            throw Unreadable(description: "\(path) cannot be read: \(error.localizedDescription)")
        }
    }

    /// A file that gave no text.
    struct Unreadable: Error, CustomStringConvertible {
        let description: String
    }

    /// Writes a value as JSON in fixed order, to standard output.
    static func print(json value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        try FileHandle.standardOutput.write(contentsOf: encoder.encode(value) + Data("\n".utf8))
    }

    /// Refuses to read standard input twice, for the second time it would be empty.
    static func check(_ paths: String...) throws {
        if paths.count(where: { $0 == "-" }) > 1 { throw ValidationError("Only one of the two can come from standard input.") }
    }
}
