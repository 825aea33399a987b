import Foundation
import ModelLibrary
import SystemPackage
import TestSupport
import Testing

@testable import Speech

/// Damaged model files: each is refused, or used without ending the process.
@Suite struct DamagedModelTests {
    /// Runs the command line with a model, in a process of its own.
    private func transcribe(with model: Data, in folder: FilePath) async throws -> CommandLineProgram.Outcome {
        try folder.appending("ggml-damaged.bin").write(model)
        return try await CommandLineProgram(
            RunningEarshot.executable.string,
            ["transcribe", "--model", "damaged", "--language", "en", Recordings.path("short-en-1.wav").string],
            environment: RunningEarshot.environment(dataFolder: folder).merging(["MODELS_DIR": folder.string]) { $1 },
            folder: folder
        ).run()
    }

    @Test("a model with changed bytes in its header, vocabulary or tensor heads, or cut off, never ends its process", arguments: 0..<4)
    func mutants(seed: Int) async throws {
        let whole = try DemoEngine.modelPath().contents()
        let file = try ModelFile(path: DemoEngine.modelPath())
        var dice = Dice(seed: UInt64(seed))
        try await TemporaryFolder.with { folder in
            for number in 0..<27 {
                var mutant = whole
                let place: Int
                switch number % 4 {
                case 0: place = 4 + dice.roll(ModelHeader.byteCount - 4)
                case 1: place = dice.roll(Int(file.tensorsOffset))
                case 2:
                    let tensor = file.tensors[dice.roll(file.tensors.count)]
                    place = Int(tensor.offset) - 1 - dice.roll(12 + 4 * tensor.shape.count + tensor.name.utf8.count)
                default:
                    place = dice.roll(whole.count)
                    mutant = mutant.prefix(place)
                }
                if place < mutant.count { mutant[place] = UInt8(dice.roll(256)) }
                let outcome = try await transcribe(with: mutant, in: folder)
                #expect(outcome.code >= 0, "seed \(seed), mutant \(number) at byte \(place): a signal ended the process")
            }
        }
    }

    @Test("every size in the header that the check accepts is one that the engine can use", arguments: 1...11)
    func header(place: Int) async throws {
        let whole = try DemoEngine.modelPath().contents()
        try await TemporaryFolder.with { folder in
            for size in [-1, 0, 1, 2, 4, 64, 128, 1007, 51_867, 1 << 30] {
                let mutant = whole.prefix(4 * place) + Data(size.fourBytes) + whole.dropFirst(4 * place + 4)
                let outcome = try await transcribe(with: mutant, in: folder)
                #expect(outcome.code >= 0, "size \(size) at place \(place): a signal ended the process")
            }
        }
    }

    @Test("a damaged model is refused before the engine sees it, and an intact one that takes its place is used")
    func repaired() async throws {
        try await TemporaryFolder.with { folder in
            let path = folder.appending("ggml-model.bin")
            let whole = try DemoEngine.modelPath().contents()
            // A matrix whose size says that it is a vector.
            var damaged = whole
            let tensor = try #require(ModelFile(path: DemoEngine.modelPath()).tensors.last { $0.shape.count == 2 })
            damaged[Int(tensor.offset) - tensor.name.utf8.count - 8] ^= 1
            try path.write(damaged)
            await #expect(throws: SpeechError.modelUnreadable(path: path.string)) { try await WhisperModel.load(path: path) }
            #expect(ModelLibrary(folder: folder).models().map(\.name) == ["demo"])
            #expect(ModelLibrary(folder: folder).damagedModels().map(\.model.name) == ["model"])
            #expect(throws: ModelLibraryError.self) { try ModelLibrary(folder: folder).model(named: "model") }
            try path.write(whole)
            #expect(ModelLibrary(folder: folder).models().map(\.name) == ["model", "demo"])
            _ = try await WhisperModel.load(path: path)
        }
    }
}
