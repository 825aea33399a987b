import ArgumentParser
import ModelLibrary

/// `earshot models verify`: checks model files.
struct VerifyModelsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check the files of installed models.",
        discussion: """
            Checks the structure of each file, its SHA-1 if one is published, and the SHA-256 that the hub stated when it was downloaded.
            Exit code: 0 if all files are intact, 1 if one is not, 2 if the command line is invalid.

            Examples:
              earshot models verify
              earshot models verify base large-v3
            """
    )

    @Argument(help: "The names of the models. (default: all installed models)")
    var models: [String] = []

    func run() async throws {
        let folder = try await ModelFolder.open()
        let installed = folder.library.models()
        let broken = folder.library.brokenModels().map(\.model).filter { !installed.contains($0) }
        let chosen = try models.isEmpty ? installed + broken : models.map(folder.file)
        var failures = 0
        for model in chosen {
            let bar = TransferBar(title: model.name)
            do {
                defer { bar.clear() }
                try await model.verify { if $0.bytes != $0.total { bar.show($0) } }
                let isKnown = model.publishedChecksum != nil || model.rememberedChecksum != nil
                print("\(model.name): intact\(isKnown ? ", as published" : "; no checksum is published")")
            } catch let error where !(error is CancellationError) {
                failures += 1
                print("\(model.name): \(error)")
            }
        }
        if failures > 0 { throw ExitCode(1) }
    }
}
