import ArgumentParser
import Foundation
import ModelLibrary
import SystemPackage

/// `earshot models convert`: makes model files of checkpoints.
struct ConvertModel: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert",
        abstract: "Make a model of an OpenAI checkpoint (.pt) or a Hugging Face folder (safetensors).",
        discussion: """
            No code of a checkpoint is ever run. Without a file, the checkpoints that an installation of openai-whisper left are listed.
            English-only checkpoints need a vocabulary: that of an installed English-only model, or --vocabulary with a .tiktoken or ggml file.
            Exit code: 0 when the model was made, 1 when not, 2 when the command was not understood.

            Examples:
              earshot models convert
              earshot models convert ~/.cache/whisper/base.pt
              earshot models convert whisper-small-swahili/ --name small-swahili
            """
    )

    @Argument(help: "A .pt file, or a folder with config.json and model.safetensors.")
    var checkpoint: String?

    @Option(help: "The new model's name. (default: that of the checkpoint)")
    var name: String?

    @Option(help: "How numbers are stored: f16, or f32 for twice the size.")
    var precision = ModelConverter.Precision.f16

    @Option(help: ArgumentHelp("A file with the vocabulary, for checkpoints that lack one.", valueName: "file"))
    var vocabulary: String?

    @Flag(help: "Replace a model of this name.")
    var force = false

    func run() async throws {
        guard let checkpoint else { return try list() }
        let library = try await ModelShelf.open().library
        let source = FilePath(checkpoint)
        let model = try ModelShelf.newName(name ?? source.stem ?? source.string, in: library, force: force)
        let bar = FractionBar(title: model.name)
        let converter = ModelConverter(vocabulary: vocabulary.map { FilePath($0) }, models: library)
        try FileManager.default.createDirectory(atPath: library.folder.string, withIntermediateDirectories: true)
        defer { bar.clear() }
        try await ModelShelf.withPlainErrors {
            try await converter.convert(source, to: model.path, precision: precision) { bar.show($0) }
        }
        bar.clear()
        print("\(model.name): in \(model.path)")
    }

    private func list() throws {
        guard let folder = OldCache.folder() else { throw ValidationError("Name a .pt file or a folder.") }
        let left = OldCache.checkpoints(in: folder)
        guard !left.isEmpty else { throw ValidationError("Name a .pt file or a folder; there is none in \(folder).") }
        for checkpoint in left { print("\(checkpoint.path)  \(ByteCount.text(checkpoint.sizeBytes))") }
    }
}

extension ModelConverter.Precision: ExpressibleByArgument {}
