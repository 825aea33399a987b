import Archive
import AsyncAlgorithms
import Basics
import Foundation
import Logging
import ServiceLifecycle

/// What keeps this worker from jobs at the moment: faults of the machine, which are checked until they have passed.
actor Holds {
    private struct Kept {
        var fault: MachineFault
        let since = Date()
        var checks = 0
        var nextCheck: ContinuousClock.Instant
    }

    /// The time between checks in seconds; the last one is repeated.
    private static let pauses = [2, 5, 15, 60]

    private let check: MachineCheck
    private var kept: [Kept] = []
    /// How many jobs wait for the database to take their end.
    private var unsettled = 0

    /// Signals that a fault has begun or passed.
    nonisolated let changes = Broadcast<OneTopic, Void>()

    init(check: MachineCheck) {
        self.check = check
    }

    /// The faults as clients see them.
    var report: [Hold] {
        kept.map { kept in
            Hold(code: kept.fault.code, message: kept.fault.message, since: kept.since, kinds: kept.fault.kinds, model: kept.fault.model)
        }
    }

    /// Those of the kinds of jobs that no fault keeps whatever their model is.
    func free(of kinds: [Job.Kind]) -> [Job.Kind] {
        kinds.filter { kind in !kept.contains { $0.fault.model == nil && $0.fault.kinds.contains(kind) } }
    }

    /// Those of the installed models whose jobs no fault keeps.
    func free(of models: [String]) -> [String] {
        models.filter { name in !kept.contains { $0.fault.model == name } }
    }

    /// Checks whether a fault that a job met is the machine's, and keeps it until it has passed; nil if the machine is well.
    func confirm(_ fault: MachineFault) async -> MachineFault? {
        if let known = kept.first(where: { $0.fault.isSame(as: fault) }) { return known.fault }
        guard let found = await check.fault(after: fault) else { return nil }
        keep(found)
        return found
    }

    /// Keeps a fault until it has passed.
    func keep(_ fault: MachineFault) {
        guard !fault.kinds.isEmpty, !kept.contains(where: { $0.fault.isSame(as: fault) }) else { return }
        Logger.current.warning("Jobs wait", metadata: ["code": "\(fault.code)", "reason": "\(fault.message)"])
        kept.append(Kept(fault: fault, nextCheck: .now + .seconds(Self.pauses[0])))
        changes.send(())
    }

    /// Stores the end of a job, and tries again until the database takes it or the task is cancelled: a lease that runs out meanwhile would
    /// count as a failure.
    nonisolated func settle(_ store: @escaping @Sendable () async throws -> Void) async throws {
        await change(unsettled: 1)
        do {
            try await storeUntilTaken(store)
            await change(unsettled: -1)
        } catch {
            await change(unsettled: -1)
            throw error
        }
    }

    private nonisolated func storeUntilTaken(_ store: @escaping @Sendable () async throws -> Void) async throws {
        while true {
            do {
                return try await store()
            } catch {
                guard let fault = FailureCause(error).fault, fault.isOfDatabase else { throw error }
                await keep(fault)
            }
            try await Task.sleep(for: .seconds(1))
        }
    }

    private func change(unsettled amount: Int) { unsettled += amount }

    /// Checks the faults when they are due, until shutdown.
    func run() async {
        for await _ in AsyncTimerSequence(interval: .seconds(1), clock: .continuous).cancelOnGracefulShutdown() {
            for fault in kept.filter({ $0.nextCheck <= .now }).map(\.fault) { await checkAgain(fault) }
        }
    }

    private func checkAgain(_ fault: MachineFault) async {
        // Jobs that ended during the fault come first, so that none of them is taken for one whose worker vanished.
        let isBefore = fault.isOfDatabase && unsettled > 0
        let found = isBefore ? fault : await check.fault(after: fault)
        guard let index = kept.firstIndex(where: { $0.fault == fault }) else { return }
        if let found, found.isSame(as: fault) {
            kept[index].checks += 1
            let later = fault.isSeenAtOnce ? 2 : Self.pauses[min(kept[index].checks, Self.pauses.count - 1)]
            let pause = isBefore ? 1 : later
            kept[index].nextCheck = .now + .seconds(pause)
            Logger.current.debug("The fault lasts", metadata: ["code": "\(fault.code)", "next_check_s": "\(pause)"])
            return
        }
        let seconds = Int(clamping: -kept[index].since.timeIntervalSinceNow)
        kept.remove(at: index)
        Logger.current.notice("Jobs continue", metadata: ["code": "\(fault.code)", "waited_s": "\(seconds)"])
        if let found { keep(found) }
        changes.send(())
    }
}
