import ArgumentParser
import Basics
import ModelLibrary
import Speech
import SystemPackage

/// `earshot models quantize`: makes smaller models.
struct QuantizeModelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quantize",
        abstract: "Make a smaller version of an installed model, which needs less memory.",
        discussion: """
            q8_0 halves the size with hardly a difference in quality; q5_1 and q5_0 make it a third, with a small loss of quality.
            Exit code: 0 if the model was made, 1 on failure, 2 if the command line is invalid.

            Examples:
              earshot models quantize large-v3 --to q5_0
              earshot models quantize base --to q8_0 --name base-small
            """
    )

    @Argument(help: "The name of an installed model with weights of 16 or 32 bits.")
    var model: String

    @Option(help: ArgumentHelp("The format of the weights: q8_0, q5_1 or q5_0.", valueName: "format"))
    var to: Quantization

    @Option(help: "The name of the new model. (default: MODEL-FORMAT)")
    var name: String?

    @Flag(help: "Replace a model of the same name.")
    var force = false

    func run() async throws {
        let folder = try await ModelFolder.open()
        let source = try folder.installed(model)
        let new = try folder.newModel(named: name ?? "\(source.name)-\(to.rawValue)", force: force)
        let bar = FractionBar(title: new.name)
        defer { bar.clear() }
        try await CommandError.explained {
            try await ModelQuantizer.quantize(source.path, to: new.path, as: to) { bar.show($0) }
        }
        bar.clear()
        let sizes = [folder.library.file(named: new.name), source].map { ByteCount.text($0?.sizeBytes ?? 0) }
        print("\(new.name): \(sizes[0]) instead of \(sizes[1]), written to \(new.path)")
    }
}

extension Quantization: ExpressibleByArgument {}
