import ArgumentParser
import Basics
import Foundation
import ModelConversion
import ModelLibrary
import SystemPackage

/// `earshot models convert`: makes models from checkpoints.
struct ConvertModelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert",
        abstract: "Convert an OpenAI checkpoint (.pt) or a Hugging Face folder (safetensors) to a model.",
        discussion: """
            No code of a checkpoint is run. Without an argument, the command lists the checkpoints that an installation of openai-whisper left \
            on this machine. English-only checkpoints need a vocabulary: install any English-only model first, or use --vocabulary with a \
            .tiktoken or ggml file.
            Exit code: 0 if the model was made, 1 on failure, 2 if the command line is invalid.

            Examples:
              earshot models convert
              earshot models convert ~/.cache/whisper/base.pt
              earshot models convert whisper-small-swahili/ --name small-swahili
            """
    )

    @Argument(help: "A .pt file, or a folder with config.json and model.safetensors.")
    var checkpoint: String?

    @Option(help: "The name of the new model. (default: the name of the checkpoint)")
    var name: String?

    @Option(help: "The precision of the weights: f16, or f32 for twice the size.")
    var precision = ModelConverter.Precision.f16

    @Option(help: ArgumentHelp("A file with the vocabulary, for checkpoints that have none.", valueName: "file"))
    var vocabulary: String?

    @Flag(help: "Replace a model of the same name.")
    var force = false

    func run() async throws {
        guard let checkpoint else { return try list() }
        let folder = try await ModelFolder.open()
        let source = FilePath(checkpoint)
        let model = try folder.newModel(named: name ?? source.stem ?? source.string, force: force)
        let bar = FractionBar(title: model.name)
        let converter = ModelConverter(vocabulary: vocabulary.map { FilePath($0) }, models: folder.library)
        try FileManager.default.createDirectory(atPath: folder.library.folder.string, withIntermediateDirectories: true)
        defer { bar.clear() }
        try await CommandError.explained {
            try await converter.convert(source, to: model.path, precision: precision) { bar.show($0) }
        }
        bar.clear()
        print("\(model.name): written to \(model.path)")
    }

    private func list() throws {
        guard let folder = WhisperCache.folder() else { throw ValidationError("Name a .pt file or a folder.") }
        let checkpoints = WhisperCache.checkpoints(in: folder)
        guard !checkpoints.isEmpty else { throw ValidationError("Name a .pt file or a folder. \(folder) contains no checkpoints.") }
        for checkpoint in checkpoints { print("\(checkpoint.path)  \(ByteCount.text(checkpoint.sizeBytes))") }
    }
}

extension ModelConverter.Precision: ExpressibleByArgument {}
