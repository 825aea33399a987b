import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import Speech

@Suite("Measuring how to use the cores")
struct CalibrationTests {
    @Test("never tries or plans more threads in all than there are cores", arguments: 1...8)
    func bounds(_ cores: Int) async throws {
        let trials = CalibrationTrials(cores: cores)
        #expect(trials.combinations.allSatisfy { $0.recognizers * $0.threads <= cores && $0.recognizers > 0 && $0.threads > 0 })
        #expect(Set(trials.combinations).count == trials.combinations.count)
        #expect(trials.combinations.first == .init(recognizers: 1, threads: cores))
        for seed in 0..<20 {
            var generator = SplitMix(state: UInt64(seed))
            let speeds = try await trials.run { _, _ in Double.random(in: 1...2, using: &generator) }
            let plan = speeds.plan
            #expect(plan.recognizers * plan.threads <= cores && plan.threadsAlone <= cores)
            for others in 0..<cores { #expect((1...cores).contains(plan.threads(beside: others))) }
        }
    }

    @Test("plans what was fastest, and no more for a gain that is hardly any")
    func fastest() async throws {
        let shares = try await CalibrationTrials(cores: 4).run { recognizers, threads in
            Double(recognizers) * pow(Double(threads), 0.5)
        }
        #expect(shares.plan == EnginePlan(recognizers: 4, threads: 1, threadsAlone: 4))
        let flat = try await CalibrationTrials(cores: 4).run { recognizers, threads in 1 + Double(recognizers * threads) / 100 }
        #expect(flat.plan == EnginePlan(recognizers: 1, threads: 1, threadsAlone: 1))
        let spinning = try await CalibrationTrials(cores: 2).run { recognizers, threads in threads == 2 ? 0.2 : Double(recognizers) }
        #expect(spinning.plan == EnginePlan(recognizers: 2, threads: 1, threadsAlone: 1))
    }

    @Test("skips what there is no memory for, and begins with nothing new when its time is over")
    func limits() async throws {
        let small = try await CalibrationTrials(cores: 4).run { recognizers, threads in recognizers > 1 ? nil : Double(threads) }
        #expect(small.plan == EnginePlan(recognizers: 1, threads: 4))
        let slow = try await CalibrationTrials(cores: 8, patience: .zero).run { _, threads in Double(threads) }
        #expect(slow.measured.count == 1)
        #expect(slow.plan == EnginePlan(recognizers: 1, threads: 8))
        let nothing = try await CalibrationTrials(cores: 8).run { _, _ in nil }
        #expect(nothing.plan == EnginePlan(recognizers: 1, threads: 8))
    }

    @Test("a plan that was kept is found for the same model, machine and cores only")
    func store() async throws {
        try await TemporaryFolder.with { folder in
            let store = CalibrationStore(folder: folder.appending("new"))
            let key = CalibrationKey(processor: "A processor", available: 8, model: "ggml-base.bin", size: 5)
            let plan = EnginePlan(recognizers: 4, threads: 2, threadsAlone: 6)
            #expect(store.plan(for: key) == nil)
            store.keep(plan, for: key)
            #expect(store.plan(for: key) == plan)
            for other in [
                CalibrationKey(processor: "Another", available: 8, model: "ggml-base.bin", size: 5),
                CalibrationKey(processor: "A processor", available: 9, model: "ggml-base.bin", size: 5),
                CalibrationKey(processor: "A processor", available: 8, model: "ggml-tiny.bin", size: 5),
                CalibrationKey(processor: "A processor", available: 8, model: "ggml-base.bin", size: 6),
            ] {
                #expect(store.plan(for: other) == nil)
            }
            let files = try FileManager.default.contentsOfDirectory(atPath: store.folder.string)
            #expect(files == ["engine-plan-ggml-base.bin.json"])
        }
    }

    @Test("a kept plan that is damaged, or makes no sense, counts for nothing")
    func damaged() async throws {
        try await TemporaryFolder.with { folder in
            let store = CalibrationStore(folder: folder)
            let key = CalibrationKey(processor: "A processor", available: 2, model: "m", size: 5)
            store.keep(EnginePlan(recognizers: 2, threads: 1), for: key)
            let path = folder.appending("engine-plan-m.json")
            let text = String(decoding: try path.contents(), as: UTF8.self)
            #expect(store.plan(for: key) != nil)
            for damaged in [
                "", String(text.dropLast(5)), text.replacing("\"recognizers\" : 2", with: "\"recognizers\" : 200"),
                text.replacing("\"threads\" : 1", with: "\"threads\" : -1"), text.replacing("\"threads\" : 1", with: "\"threads\" : 0"),
            ] {
                #expect(damaged != text)
                try path.write(Data(damaged.utf8))
                #expect(store.plan(for: key) == nil)
            }
        }
    }

    @Test("the demo model's plan can be kept nowhere and is still measured")
    func measured() async throws {
        let path = try DemoEngine.modelPath()
        let model = try await WhisperModel.load(path: path)
        let plan = try await Calibration.plan(for: model, modelPath: path, cache: "/dev/null/nowhere")
        #expect(plan.recognizers * plan.threads <= Processors.available)
        #expect(1...Processors.available ~= plan.threadsAlone)
    }
}
