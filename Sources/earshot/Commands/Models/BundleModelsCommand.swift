import ArgumentParser
import ModelLibrary
import SystemPackage

/// `earshot models bundle`: carries models to machines without a network.
struct BundleModelsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bundle",
        abstract: "Pack models into one file, or install models from such a file.",
        discussion: """
            A bundle is a tar file of models with their checksums, which are compared during installation.
            Exit code: 0 on success, 1 on failure, 2 if the command line is invalid.

            Examples:
              earshot models bundle tiny base --output models.tar
              earshot models bundle --from models.tar
            """
    )

    @Argument(help: "The names of the installed models to pack.")
    var models: [String] = []

    @Option(name: .shortAndLong, help: ArgumentHelp("The bundle to write.", valueName: "file"))
    var output: String?

    @Option(help: ArgumentHelp("The bundle to install from.", valueName: "file"))
    var from: String?

    @Flag(help: "Replace installed models of the same names.")
    var force = false

    func validate() throws {
        switch (from, output) {
        case (nil, nil): throw ValidationError("Use --output FILE to write a bundle, or --from FILE to install one.")
        case (_?, _?): throw ValidationError("Use either --output or --from, not both.")
        case (_?, nil) where !models.isEmpty: throw ValidationError("--from installs all models of a bundle; name no models.")
        case (nil, _?) where models.isEmpty: throw ValidationError("Name the models to pack.")
        default: break
        }
    }

    func run() async throws {
        let folder = try await ModelFolder.open()
        let bar = FractionBar(title: "models")
        defer { bar.clear() }
        if let from {
            let installed = try await CommandError.explained {
                try await BundleInstaller.install(from: FilePath(from), into: folder.library.folder, force: force) { bar.show($0.fraction) }
            }
            bar.clear()
            print(installed.isEmpty ? "All models of the bundle are installed already." : "Installed: \(installed.joined(separator: ", "))")
        } else if let output {
            let chosen = try models.map(folder.installed)
            try await CommandError.explained {
                try await BundleWriter.write(models: chosen, to: FilePath(output)) { bar.show($0.fraction) }
            }
            bar.clear()
            print("\(chosen.map(\.name).joined(separator: ", ")): packed into \(output)")
        }
    }
}
