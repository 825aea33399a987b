import Archive
import Foundation
import TestSupport
import Testing

@testable import Worker

/// What a worker may take, and how it is started again.
@Suite struct RunningJobsTests {
    private func job(_ kind: Job.Kind, isSuspect: Bool = false) -> Job {
        Job(id: 1, kind: kind, transcriptionID: UUID(), block: nil, attempt: 1, failures: 0, isSuspect: isSuspect, expiries: 0)
    }

    @Test("one preparation runs beside as many blocks as there are lanes")
    func lanes() {
        let running = RunningJobs()
        #expect(running.freeKinds(lanes: 2) == [.prepare, .finish, .block])
        running.begin(job(.prepare))
        #expect(running.freeKinds(lanes: 2) == [.finish, .block])
        #expect(running.lanesAreIdle && !running.isIdle)
        running.begin(job(.block))
        running.begin(job(.block))
        #expect(running.freeKinds(lanes: 2) == [])
        running.end(job(.prepare))
        #expect(running.freeKinds(lanes: 2) == [.prepare])
    }

    @Test("nothing runs beside a suspect", arguments: [Job.Kind.prepare, .block])
    func suspect(kind: Job.Kind) {
        let running = RunningJobs()
        running.begin(job(kind, isSuspect: true))
        #expect(running.freeKinds(lanes: 4) == [])
        running.end(job(kind, isSuspect: true))
        #expect(running.freeKinds(lanes: 4) == [.prepare, .finish, .block])
        #expect(running.isIdle)
    }

    @Test("a process that dies at once is started after pauses that grow to half a minute, and anew after a calm minute")
    func pauses() {
        var pause = RestartPause()
        let pauses = (0..<9).map { _ in pause.pause(afterRunning: .seconds(1)) }
        #expect(pauses == [0.5, 1, 2, 4, 8, 16, 30, 30, 30].map { .seconds($0) })
        #expect(pause.pause(afterRunning: .seconds(61)) == .seconds(0.5))
        #expect(pause.pause(afterRunning: .seconds(1)) == .seconds(1))
    }
}
