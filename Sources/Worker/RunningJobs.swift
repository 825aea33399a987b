import Archive
import Synchronization

/// The jobs that a worker runs at the moment, and the kinds that it may take besides them.
///
/// One preparation runs at a time, beside as many blocks as there are lanes. Nothing runs beside a suspect.
final class RunningJobs: Sendable {
    private struct State {
        var preparations = 0, others = 0
        var runsSuspect = false
    }

    private let state = Mutex(State())

    /// Whether nothing runs.
    var isIdle: Bool { state.withLock { $0.preparations + $0.others == 0 } }

    /// Whether no lane is in use.
    var lanesAreIdle: Bool { state.withLock { $0.others == 0 } }

    /// The kinds of jobs that may be taken now.
    func freeKinds(lanes: Int) -> [Job.Kind] {
        state.withLock { state in
            if state.runsSuspect { return [] }
            return (state.preparations == 0 ? [.prepare] : []) + (state.others < lanes ? [.finish, .block] : [])
        }
    }

    func begin(_ job: Job) { change(by: 1, job) }

    func end(_ job: Job) { change(by: -1, job) }

    private func change(by amount: Int, _ job: Job) {
        state.withLock { state in
            if job.kind == .prepare { state.preparations += amount } else { state.others += amount }
            if job.isSuspect { state.runsSuspect = amount > 0 }
        }
    }
}
