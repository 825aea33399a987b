import ArgumentParser
import Basics
import Foundation
import ModelLibrary
import SystemPackage

/// `earshot models info`: what a model's file says of itself.
struct ShowModel: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info",
        abstract: "Tell what a model is and can do.",
        discussion: """
            What is here is described by its own file, anything else by the catalogue.

            Examples:
              earshot models info base
            """
    )

    @Argument(help: "The name of a model.")
    var model: String

    func run() async throws {
        let library = try await ModelShelf.open().library
        if let file = library.file(named: model) ?? (try? library.model(named: model)) {
            for (key, value) in try describe(file) { print("\(key.padding(toLength: 14, withPad: " ", startingAt: 0))\(value)") }
        } else {
            let known = try ModelShelf.catalogued(model)
            for (key, value) in describe(known) { print("\(key.padding(toLength: 14, withPad: " ", startingAt: 0))\(value)") }
        }
    }

    private func describe(_ installed: InstalledModel) throws -> [(String, String)] {
        let file = try ModelFile(path: installed.path)
        let header = file.header
        var lines = [
            ("name", installed.name),
            ("file", installed.path.string),
            ("size", "\(ByteCount.text(file.byteCount)) (\(file.byteCount) bytes)"),
            ("parameters", "\(file.parameters / 1_000_000) million in \(file.tensors.count) tensors"),
            ("weights", file.quantization.map { "compressed, \($0)" } ?? "16 or 32 bits"),
            (
                "layers",
                "encoder \(header.audioLayers), decoder \(header.textLayers); \(header.textState) wide; \(header.melBands) mel bands"
            ),
            ("languages", header.isMultilingual ? "\(header.languages)" : "English only"),
            ("translates", header.canTranslate ? "yes, to English" : "no"),
            (
                "memory",
                ByteCount.text(file.byteCount + header.workingMemory)
                    + ", and \(ByteCount.text(header.workingMemory)) for each block beside another"
            ),
        ]
        if installed.isDemo { lines.insert(("note", "the demo model: knows only a little synthetic speech"), at: 1) }
        if let published = installed.publishedChecksum {
            lines.append(("SHA-1", "\(published) is published; “earshot models verify” compares"))
        }
        return lines
    }

    private func describe(_ model: CatalogueModel) -> [(String, String)] {
        [
            ("name", model.name),
            ("file", "not here; “earshot models download \(model.name)” fetches it"),
            ("size", "\(ByteCount.text(model.sizeBytes)) (\(model.sizeBytes) bytes)"),
            ("parameters", "\(model.parameters / 1_000_000) million"),
            ("weights", model.quantization.map { "compressed, \($0)" } ?? "16 bits"),
            ("speed", "\(model.speed), \(Int(clamping: model.relativeSpeed)) × large"),
            ("quality", model.quality),
            ("languages", model.isEnglishOnly ? "English only" : "\(model.languages)"),
            ("translates", model.canTranslate ? "yes, to English" : "no"),
            ("memory", ByteCount.text(model.memoryBytes)),
            ("good for", model.summary),
            ("SHA-1", model.sha1 ?? "none is published; the hub's SHA-256 is compared"),
        ]
    }
}
