import Testing

@testable import Speech

struct FreeCoresTests {
    @Test(
        "there are never more threads than idle cores, and always one",
        arguments: [
            (cores: 2, others: 0.1, recognitions: 1, limit: 2, threads: 2),
            (cores: 2, others: 1.0, recognitions: 1, limit: 2, threads: 1),
            (cores: 2, others: 2.0, recognitions: 1, limit: 2, threads: 1),
            (cores: 2, others: 0.0, recognitions: 2, limit: 2, threads: 1),
            (cores: 16, others: 3.2, recognitions: 1, limit: 8, threads: 8),
            (cores: 16, others: 12.1, recognitions: 1, limit: 8, threads: 4),
            (cores: 64, others: 0, recognitions: 3, limit: 8, threads: 2),
            (cores: 64, others: 0, recognitions: 1, limit: 1, threads: 1),
        ]
    )
    func share(cores: Int, others: Double, recognitions: Int, limit: Int, threads: Int) {
        #expect(FreeCores.share(cores: cores, others: others, recognitions: recognitions, limit: limit) == threads)
    }

    @Test("what neighbors do and what listening costs counts as work of others, recognition does not")
    func others() {
        var state = FreeCores.State()
        state.observe(FreeCores.Reading(time: 100, all: 1000, own: 50))
        state.observe(FreeCores.Reading(time: 110, all: 1015, own: 65))
        #expect(abs(state.others) < 0.001)
        state.voiceActivity = 5
        state.observe(FreeCores.Reading(time: 120, all: 1035, own: 75))
        #expect(abs(state.others - 1.5) < 0.001)
        state.observe(FreeCores.Reading(time: 130, all: 1045, own: 85))
        #expect(abs(state.others) < 0.001)
        state.observe(FreeCores.Reading(time: 130.01, all: 1060, own: 85))
        #expect(abs(state.others) < 0.001, "the kernel's ticks are too coarse for so short a time")
    }

    @Test("what a reader listened to no longer counts when nothing is read any more")
    func endOfReading() {
        var state = FreeCores.State()
        state.observe(FreeCores.Reading(time: 100, all: 1000, own: 50))
        state.readers = 2
        state.voiceActivity = 5
        state.endReading()
        #expect(state.voiceActivity == 5)
        state.endReading()
        state.observe(FreeCores.Reading(time: 110, all: 1010, own: 60))
        #expect(abs(state.others) < 0.001)
    }

    @Test("a plan is an upper limit for each recognizer, alone or beside others")
    func plan() {
        let plan = EnginePlan(recognizers: 4, threads: 2, threadsAlone: 6)
        #expect((0...4).map { plan.threads(beside: $0) } == [6, 4, 2, 2, 2])
        #expect(EnginePlan(recognizers: 1, threads: 2).threads(beside: 0) == 2)
    }
}
