import Archive
import Foundation
import ModelLibrary
import Speech
import SystemPackage
import Testing

@testable import Worker

@Suite(.serialized)
struct EnginesTests {
    /// A folder with copies of the demo model under names of their own, which goes with the test.
    private final class Shelf: Sendable {
        let folder: FilePath

        init(_ names: String...) throws {
            folder = FilePath(NSTemporaryDirectory()).appending("engines-" + UUID().uuidString)
            try FileManager.default.createDirectory(atPath: folder.string, withIntermediateDirectories: true)
            for name in names { try put(name) }
        }

        deinit { try? FileManager.default.removeItem(atPath: folder.string) }

        func path(_ name: String) -> FilePath { folder.appending("ggml-\(name).bin") }

        func put(_ name: String) throws {
            let demo = try ModelLibrary(folder: "/nowhere").model(named: "demo").path
            let new = folder.appending(".new")
            try FileManager.default.copyItem(atPath: demo.string, toPath: new.string)
            #expect(rename(new.string, path(name).string) == 0)
        }

        func engines(memory: Int64? = nil, idle: IdleTimes = IdleTimes(standard: nil)) -> Engines {
            Engines(
                models: ModelLibrary(folder: folder),
                settings: WorkerSettings(
                    name: "test",
                    threads: 1,
                    lanes: 1,
                    modelMemory: memory,
                    idleTimes: idle,
                    cacheFolder: folder.appending("cache")
                )
            )
        }
    }

    private func request(_ name: String) -> TranscriptionRequest { TranscriptionRequest(model: name) }

    private func loaded(_ engines: Engines) async -> [String] {
        await engines.report.filter { $0.state == .loaded }.map(\.name)
    }

    /// What one copy of the demo model takes with one recognizer.
    private func need(_ shelf: Shelf, _ name: String) throws -> Int64 {
        try MemoryBudget.need(of: ModelLibrary(folder: shelf.folder).model(named: name), recognizers: 1)
    }

    @Test("simultaneous requests get the same engine, loaded once")
    func sharing() async throws {
        let shelf = try Shelf("a")
        let engines = shelf.engines()
        let models = try await withThrowingTaskGroup(of: ObjectIdentifier.self) { group in
            for _ in 0..<8 {
                group.addTask { try await engines.withEngine(for: request("a")) { ObjectIdentifier($0.model) } }
            }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(models.count == 1)
        let report = try #require(await engines.report.first)
        #expect(report.state == .loaded)
        #expect(report.memoryBytes == (try need(shelf, "a")))
    }

    @Test("a model that is larger than all memory is not loaded, with a message that says what is missing")
    func tooLarge() async throws {
        let shelf = try Shelf("a")
        let engines = shelf.engines(memory: 20_000_000)
        let error = await #expect(throws: ModelDoesNotFit.self) {
            try await engines.withEngine(for: request("a")) { _ in }
        }
        #expect(try #require(error).available == 20_000_000)
        #expect(try #require(error).description.contains("needs"))
        let report = try #require(await engines.report.first)
        #expect(report.state == .failed)
        #expect(report.message == error?.description)
    }

    @Test("an idle model makes room for another, and one in use does not")
    func makingRoom() async throws {
        let shelf = try Shelf("a", "b")
        let engines = shelf.engines(memory: try need(shelf, "a") + 1_000_000)
        try await engines.withEngine(for: request("a")) { _ in }
        try await withThrowingTaskGroup(of: Void.self) { group in
            try await engines.withEngine(for: request("b")) { _ in
                #expect(await loaded(engines) == ["b"])
                group.addTask { try await engines.withEngine(for: request("a")) { _ in } }
                while await engines.waiting == 0 { await Task.yield() }
                #expect(await loaded(engines) == ["b"])
            }
            try await group.waitForAll()
        }
        #expect(await loaded(engines) == ["a"])
    }

    @Test("a job that is cancelled while it waits for memory stops waiting")
    func cancellation() async throws {
        let shelf = try Shelf("a", "b")
        let engines = shelf.engines(memory: try need(shelf, "a") + 1_000_000)
        try await engines.withEngine(for: request("b")) { _ in
            let waiting = Task { try await engines.withEngine(for: request("a")) { _ in } }
            while await engines.waiting == 0 { await Task.yield() }
            waiting.cancel()
            await #expect(throws: CancellationError.self) { try await waiting.value }
        }
    }

    @Test("a model that was idle for its time is unloaded, and one in use stays")
    func idleness() async throws {
        let shelf = try Shelf("a", "b", "c")
        let engines = shelf.engines(idle: IdleTimes(standard: .seconds(60), named: ["b": nil]))
        for name in ["a", "b", "c"] { try await engines.withEngine(for: request(name)) { _ in } }
        await engines.unloadIdle(now: .now + .seconds(50))
        #expect(await loaded(engines) == ["a", "b", "c"])
        try await engines.withEngine(for: request("c")) { _ in
            await engines.unloadIdle(now: .now + .seconds(70))
            #expect(await loaded(engines) == ["b", "c"])
        }
    }

    @Test("a file that was replaced is loaded again, while those at work finish with the old one")
    func replacement() async throws {
        let shelf = try Shelf("a")
        let engines = shelf.engines()
        try await engines.withEngine(for: request("a")) { old in
            try shelf.put("a")
            try await engines.withEngine(for: request("a")) { new in #expect(new.model !== old.model) }
            let silence = Block(start: 0, samples: [Float](repeating: 0, count: 16_000))
            let probabilities = try await old.pool.languageProbabilities(of: silence, threads: 1)
            #expect(!probabilities.values.isEmpty)
        }
        #expect(await engines.report.count == 1)
    }

    @Test("a model can be loaded ahead and unloaded, and a broken one is reported with its reason")
    func onRequest() async throws {
        let shelf = try Shelf("a")
        let engines = shelf.engines()
        await engines.load("a")
        #expect(await loaded(engines) == ["a"])
        await engines.unload("a")
        #expect(await engines.report.isEmpty)

        let whole = try Data(contentsOf: URL(filePath: shelf.path("a").string))
        try whole.prefix(1_000_000).write(to: URL(filePath: shelf.path("broken").string))
        await engines.load("broken")
        let report = try #require(await engines.report.first)
        #expect(report.state == .failed)
        #expect(report.message?.hasPrefix("The model “broken” cannot be used. The model file is incomplete") == true)
    }
}
