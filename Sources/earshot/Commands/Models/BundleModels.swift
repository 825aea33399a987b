import ArgumentParser
import ModelLibrary
import SystemPackage

/// `earshot models bundle`: carries models to machines without a network.
struct BundleModels: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bundle",
        abstract: "Pack models into one file, or install them from it.",
        discussion: """
            A bundle is a tar file of the models with their checksums, which are compared when it is installed.
            Exit code: 0 when all went well, 1 when not, 2 when the command was not understood.

            Examples:
              earshot models bundle tiny base --output models.tar
              earshot models bundle --from models.tar
            """
    )

    @Argument(help: "The names of installed models.")
    var models: [String] = []

    @Option(name: .shortAndLong, help: ArgumentHelp("The bundle to write.", valueName: "file"))
    var output: String?

    @Option(help: ArgumentHelp("The bundle to install from.", valueName: "file"))
    var from: String?

    @Flag(help: "When installing, replace models that are here.")
    var force = false

    func validate() throws {
        switch (from, output) {
        case (nil, nil): throw ValidationError("Say --output FILE to write a bundle, or --from FILE to install one.")
        case (_?, _?): throw ValidationError("Either --output or --from.")
        case (_?, nil) where !models.isEmpty: throw ValidationError("All models of a bundle are installed; name none.")
        case (nil, _?) where models.isEmpty: throw ValidationError("Name the models to pack.")
        default: break
        }
    }

    func run() async throws {
        let library = try await ModelShelf.open().library
        let bar = FractionBar(title: "models")
        defer { bar.clear() }
        if let from {
            let installed = try await ModelShelf.withPlainErrors {
                try await ModelBundle.install(from: FilePath(from), into: library.folder, force: force) { bar.show($0.fraction) }
            }
            bar.clear()
            print(installed.isEmpty ? "All models of the bundle are here already." : "Installed: \(installed.joined(separator: ", "))")
        } else if let output {
            let chosen = try models.map { try ModelShelf.installed($0, in: library) }
            try await ModelShelf.withPlainErrors {
                try await ModelBundle.write(models: chosen, to: FilePath(output)) { bar.show($0.fraction) }
            }
            bar.clear()
            print("\(chosen.map(\.name).joined(separator: ", ")): in \(output)")
        }
    }
}
