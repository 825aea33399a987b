import ArgumentParser
import Basics
import ModelLibrary

/// `earshot models remove`: removes models.
struct RemoveModelsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Remove models from the disk.",
        discussion: """
            Exit code: 0 if all models were removed, 1 on failure, 2 if the command line is invalid.

            Example:
              earshot models remove medium
            """
    )

    @Argument(help: "The names of the models.")
    var models: [String]

    func run() async throws {
        let folder = try await ModelFolder.open()
        for model in try models.map(folder.file) {
            let size = model.sizeBytes ?? 0
            try folder.library.remove(model)
            print("\(model.name): removed, \(ByteCount.text(size)) freed")
        }
    }
}
