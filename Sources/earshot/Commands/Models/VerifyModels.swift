import ArgumentParser
import ModelLibrary

/// `earshot models verify`: reads models through and through.
struct VerifyModels: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check the files of models.",
        discussion: """
            The structure of each file is checked, and its SHA-1 where one is published.
            Exit code: 0 when all are whole, 1 when one is not, 2 when the command was not understood.

            Examples:
              earshot models verify
              earshot models verify base large-v3
            """
    )

    @Argument(help: "Names of models. (default: all that are here)")
    var models: [String] = []

    func run() async throws {
        let library = try await ModelShelf.open().library
        let broken = library.brokenModels().map(\.model)
        let chosen =
            try models.isEmpty
            ? library.models() + broken.filter { !library.models().contains($0) }
            : models.map { name in try library.file(named: name) ?? ModelShelf.installed(name, in: library) }
        var failures = 0
        for model in chosen {
            let bar = TransferBar(title: model.name)
            do {
                try await model.verify { if !$0.isDone { bar.show($0) } }
                bar.clear()
                print("\(model.name): whole\(model.publishedChecksum == nil ? "; no checksum is published" : ", as published")")
            } catch let error where !(error is CancellationError) {
                bar.clear()
                failures += 1
                print("\(model.name): \(error)")
            }
        }
        if failures > 0 { throw ExitCode(1) }
    }
}

extension DownloadProgress {
    fileprivate var isDone: Bool { bytes == total }
}
