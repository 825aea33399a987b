import SystemPackage
import TestSupport
import Testing

@testable import Audio

@Suite("The gate of media tools")
struct MediaGateTests {
    private actor Log {
        var order: [Int] = []
        var (running, most) = (0, 0)

        func begin(_ number: Int) {
            order.append(number)
            running += 1
            most = max(most, running)
        }

        func end() { running -= 1 }
    }

    @Test("no more tools run than there are places, and callers pass in the order of their arrival")
    func order() async throws {
        let gate = MediaGate(places: 2)
        let log = Log()
        let (opened, open) = AsyncStream<Void>.makeStream()
        try await withThrowingTaskGroup { group in
            for number in 0..<12 {
                group.addTask {
                    try await gate.run {
                        await log.begin(number)
                        for await _ in opened { break }
                        await log.end()
                    }
                }
                if number < 2 {
                    try await eventually { await log.running == number + 1 }
                } else {
                    try await eventually { gate.waitingCount == number - 1 }
                }
            }
            open.finish()
            try await group.waitForAll()
        }
        #expect(await log.most == 2)
        // Two run at the same time, so neighbors may change places.
        for (place, number) in await log.order.enumerated() { #expect(abs(place - number) <= 1) }
    }

    @Test("a caller that waits too long is told that Earshot is busy, and takes no place")
    func patience() async throws {
        let gate = MediaGate(places: 1, patience: .milliseconds(50))
        try await gate.run {
            _ = await #expect(throws: AudioError.busy) {
                _ = try await AudioProbe(gate: gate).describe(Recordings.path("short-en-1.wav"))
            }
        }
        #expect(try await AudioProbe(gate: gate).describe(Recordings.path("short-en-1.wav")).channels == 1)
    }

    @Test("a cancelled caller leaves the queue, and its place goes to the next")
    func cancellation() async throws {
        let gate = MediaGate(places: 1)
        try await gate.run {
            let caller = Task { try await gate.run {} }
            try await eventually { gate.waitingCount == 1 }
            caller.cancel()
            await #expect(throws: CancellationError.self) { try await caller.value }
            #expect(gate.waitingCount == 0)
        }
        try await gate.run {}
    }

    @Test("a probe's time starts with its tool, however long it waits for a place")
    func clock() async throws {
        let gate = MediaGate(places: 1)
        let path = Recordings.path("short-en-1.wav")
        let probing = try await gate.run {
            let probing = Task { try await AudioProbe(timeLimit: .zero, gate: gate).describe(path) }
            try await eventually { gate.waitingCount == 1 }
            // A probe takes much longer than no time, and the other one still waits.
            _ = try await AudioProbe(gate: MediaGate()).describe(path)
            #expect(gate.waitingCount == 1)
            return probing
        }
        await #expect(throws: AudioError.timedOut) { _ = try await probing.value }
    }
}
