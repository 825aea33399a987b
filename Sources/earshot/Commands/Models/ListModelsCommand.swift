import ArgumentParser
import Basics
import Foundation
import ModelLibrary

/// `earshot models list`: the installed models and the catalogue.
struct ListModelsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the installed models and those that can be downloaded.",
        discussion: """
            Examples:
              earshot models list
              earshot models list --all --json
            """
    )

    @Flag(name: .shortAndLong, help: "Also list every variant: English-only and compressed models.")
    var all = false

    @Flag(help: "Write JSON.")
    var json = false

    func run() async throws {
        let library = try await ModelFolder.open().library
        let rows = rows(of: library)
        guard !json else { return try JSONOutput.print(rows) }
        print(Self.line("NAME", "INSTALLED", "SIZE", "MEMORY", "SPEED", "QUALITY", "LANGUAGES"))
        for row in rows { print(row.line) }
        for (model, reason) in library.brokenModels() { Terminal.say("\(model.path): \(reason)") }
        Terminal.say("Models are stored in \(library.folder)." + (all ? "" : " Use --all to list every variant."))
    }

    private func rows(of library: ModelLibrary) -> [Row] {
        let damaged = library.damagedModels().map(\.model)
        let files = library.models() + damaged
        let preferred = try? library.model(named: nil)
        let known = Catalogue.shown(installed: files, withVariants: all)
        let rows =
            known.map { model in Row(model, file: files.first { $0.name == model.name }, preferred: preferred) }
            + files.filter { file in !known.contains { $0.name == file.name } }.map { Row($0, preferred: preferred) }
        return rows.map { row in damaged.contains { $0.name == row.name } ? row.damaged : row }
    }

    fileprivate static func line(_ cells: String...) -> String {
        let widths = [24, 9, 9, 9, 11, 11, 0]
        return zip(cells, widths).map { $0.padding(toLength: max($1, $0.count), withPad: " ", startingAt: 0) }.joined(separator: " ")
    }

    private struct Row: Encodable {
        let name: String
        var isInstalled: Bool
        var isDamaged = false
        let isDefault, isDemo: Bool
        let sizeBytes, memoryBytes: Int64?
        let speed, quality: String?
        var languages: Int?
        var canTranslate: Bool?

        init(_ model: CatalogueModel, file: InstalledModel?, preferred: InstalledModel?) {
            name = model.name
            isInstalled = file != nil
            isDefault = file != nil && file == preferred
            isDemo = false
            sizeBytes = file?.sizeBytes ?? model.sizeBytes
            memoryBytes = model.memoryBytes
            speed = model.speed
            quality = model.quality
            languages = model.languages
            canTranslate = model.canTranslate
        }

        init(_ file: InstalledModel, preferred: InstalledModel?) {
            let (header, bytes) = (file.header, file.sizeBytes)
            name = file.name
            isInstalled = true
            isDefault = file == preferred
            isDemo = file.isDemo
            sizeBytes = bytes
            memoryBytes = header.flatMap { header in bytes.map { $0 + header.workingMemory } }
            speed = nil
            quality = file.isDemo ? "demo" : nil
            languages = header?.languages
            canTranslate = header?.canTranslate
        }

        /// The row of a model whose file is damaged.
        var damaged: Row {
            var row = self
            (row.isInstalled, row.isDamaged) = (false, true)
            // A header that is damaged says nothing.
            if Catalogue.model(named: name) == nil { (row.languages, row.canTranslate) = (nil, nil) }
            return row
        }

        var line: String {
            let knows = languages.map { $0 == 1 ? "English" : "\($0)" + (canTranslate == true ? ", translates" : "") }
            let short = Catalogue.shortNames.first { $0.value == name }?.key
            return ListModelsCommand.line(
                short.map { "\(name) (\($0))" } ?? name,
                isDamaged ? "damaged" : isDefault ? "default" : isInstalled ? "yes" : "–",
                sizeBytes.map(ByteCount.text) ?? "",
                memoryBytes.map(ByteCount.text) ?? "",
                speed ?? "",
                quality ?? "",
                isDemo ? "en, es, de; synthetic speech only" : knows ?? ""
            )
        }
    }
}
