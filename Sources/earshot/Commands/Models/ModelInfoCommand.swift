import ArgumentParser
import Basics
import Foundation
import ModelLibrary
import SystemPackage

/// `earshot models info`: the properties of a model.
struct ModelInfoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info",
        abstract: "Describe a model: size, languages, memory and quality.",
        discussion: """
            An installed model is described by its file, any other model by the catalogue.

            Example:
              earshot models info base
            """
    )

    @Argument(help: "The name of a model.")
    var model: String

    func run() async throws {
        let library = try await ModelFolder.open().library
        let lines: [(String, String)]
        if let file = library.file(named: model) ?? (try? library.model(named: model)) {
            lines = try describe(file)
        } else {
            lines = describe(try ModelFolder.catalogued(model))
        }
        for (key, value) in lines { print(key.padding(toLength: 14, withPad: " ", startingAt: 0) + value) }
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
                    + ", plus \(ByteCount.text(header.workingMemory)) for each further lane"
            ),
        ]
        if installed.isDemo { lines.insert(("note", "the demo model, which recognizes only some synthetic speech"), at: 1) }
        if let published = installed.publishedChecksum {
            lines.append(("SHA-1", "\(published) (published); to compare: earshot models verify"))
        }
        return lines
    }

    private func describe(_ model: CatalogueModel) -> [(String, String)] {
        [
            ("name", model.name),
            ("file", "not installed; to download: earshot models download \(model.name)"),
            ("size", "\(ByteCount.text(model.sizeBytes)) (\(model.sizeBytes) bytes)"),
            ("parameters", "\(model.parameters / 1_000_000) million"),
            ("weights", model.quantization.map { "compressed, \($0)" } ?? "16 bits"),
            ("speed", "\(model.speed), \(Int(clamping: model.relativeSpeed)) × large"),
            ("quality", model.quality),
            ("languages", model.isEnglishOnly ? "English only" : "\(model.languages)"),
            ("translates", model.canTranslate ? "yes, to English" : "no"),
            ("memory", ByteCount.text(model.memoryBytes)),
            ("good for", model.summary),
            ("SHA-1", model.sha1 ?? "not published; a download is checked by the SHA-256 of the hub"),
        ]
    }
}
