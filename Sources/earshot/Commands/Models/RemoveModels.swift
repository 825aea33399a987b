import ArgumentParser
import ModelLibrary

/// `earshot models remove`: takes models off the disk.
struct RemoveModels: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Take models off the disk.",
        discussion: """
            Exit code: 0 when all are gone, 1 when one can't be removed, 2 when the command was not understood.

            Examples:
              earshot models remove medium
            """
    )

    @Argument(help: "Names of models.")
    var models: [String]

    func run() async throws {
        let library = try await ModelShelf.open().library
        let chosen = try models.map { name in try library.file(named: name) ?? ModelShelf.installed(name, in: library) }
        for model in chosen {
            let size = model.sizeBytes ?? 0
            try library.remove(model)
            print("\(model.name): removed, \(ByteCount.text(size)) freed")
        }
    }
}
