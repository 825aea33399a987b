import ArgumentParser
import ModelLibrary
import Speech
import SystemPackage

/// `earshot models quantize`: makes smaller models.
struct QuantizeModel: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quantize",
        abstract: "Make a smaller model that needs less memory.",
        discussion: """
            q8_0 halves a model with hardly a difference; q5_1 and q5_0 make a third of it, with a small loss of quality.
            Exit code: 0 when the model was made, 1 when not, 2 when the command was not understood.

            Examples:
              earshot models quantize large-v3 --to q5_0
              earshot models quantize base --to q8_0 --name base-small
            """
    )

    @Argument(help: "The name of an installed model of 16 or 32 bits.")
    var model: String

    @Option(help: "How numbers are stored: q8_0, q5_1 or q5_0.")
    var to: Quantization

    @Option(help: "The new model's name. (default: MODEL-TO)")
    var name: String?

    @Flag(help: "Replace a model of this name.")
    var force = false

    func run() async throws {
        let library = try await ModelShelf.open().library
        let source = try ModelShelf.installed(model, in: library)
        let new = try ModelShelf.newName(name ?? "\(source.name)-\(to.rawValue)", in: library, force: force)
        let bar = FractionBar(title: new.name)
        defer { bar.clear() }
        try await ModelShelf.withPlainErrors {
            try await ModelQuantizer.quantize(source.path, to: new.path, as: to) { bar.show($0) }
        }
        bar.clear()
        let sizes = [library.file(named: new.name), source].map { ByteCount.text($0?.sizeBytes ?? 0) }
        print("\(new.name): \(sizes[0]) instead of \(sizes[1]), in \(new.path)")
    }
}

extension Quantization: ExpressibleByArgument {}
