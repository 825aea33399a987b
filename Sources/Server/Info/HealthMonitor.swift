import Basics
import Logging

/// Makes the checks of health, each at most once at a time, and answers in time even if one of them never ends.
actor HealthMonitor {
    private struct Known {
        let finding: HealthCheck.Finding
        let at: ContinuousClock.Instant
    }

    /// So long a request waits for a check; an answer must take less than two seconds.
    private static let patience = Duration.milliseconds(1500)

    private let checks: [HealthCheck]
    private var known: [String: Known] = [:]
    private var running: [String: Task<HealthCheck.Finding, Never>] = [:]

    init(_ checks: [HealthCheck]) {
        self.checks = checks
    }

    /// What the checks find now, in their order.
    func findings() async -> [(name: String, finding: HealthCheck.Finding)] {
        // All at the same time, so that together they take no longer than one.
        let asked = checks.map { check in Task { (check.name, await finding(of: check)) } }
        var findings: [(name: String, finding: HealthCheck.Finding)] = []
        for task in asked { findings.append(await task.value) }
        return findings
    }

    private func finding(of check: HealthCheck) async -> HealthCheck.Finding {
        if let known = known[check.name], .now - known.at < check.validity { return known.finding }
        let task = running[check.name] ?? start(check)
        let finding = (try? await task.value(within: Self.patience)) ?? nil
        if finding == nil { Logger.current.warning("A check of health does not end", metadata: ["check": "\(check.name)"]) }
        return finding ?? check.failure
    }

    /// Not a child of the request: a check that hangs must not keep it.
    private func start(_ check: HealthCheck) -> Task<HealthCheck.Finding, Never> {
        let task = Task {
            var finding = check.failure
            do {
                finding = try await check.look()
            } catch {
                Logger.current.warning("A check of health failed", metadata: ["check": "\(check.name)", "error": "\(error)"])
            }
            known[check.name] = Known(finding: finding, at: .now)
            running[check.name] = nil
            return finding
        }
        running[check.name] = task
        return task
    }
}
