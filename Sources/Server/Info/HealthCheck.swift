import Archive
import Basics
import ModelLibrary

/// A look at one thing that Earshot needs.
package struct HealthCheck: Sendable {
    /// Whether a thing is as it should be, is not, or keeps everything from working.
    package enum Status: String, Sendable, Encodable {
        case ok, warning, failed
    }

    /// What a check found, in a sentence for people.
    package struct Finding: Sendable, Hashable {
        package var status: Status
        package var message: String

        package init(_ status: Status, _ message: String) {
            self.status = status
            self.message = message
        }
    }

    let name: String
    /// Whether nothing works without it, so that Earshot is not ready when it fails.
    let isVital: Bool
    /// How long a finding may be used again.
    let validity: Duration
    /// The message when the look throws an error or does not end in time.
    let complaint: String
    let look: @Sendable () async throws -> Finding

    package init(
        _ name: String,
        isVital: Bool = false,
        validity: Duration = .zero,
        complaint: String,
        look: @escaping @Sendable () async throws -> Finding
    ) {
        self.name = name
        self.isVital = isVital
        self.validity = validity
        self.complaint = complaint
        self.look = look
    }

    /// The finding when the look did not succeed.
    var failure: Finding { Finding(isVital ? .failed : .warning, complaint) }
}

extension HealthCheck {
    package static func database(_ status: ArchiveStatus) -> HealthCheck {
        HealthCheck("database", isVital: true, complaint: "The database does not answer.") {
            try await status.checkDatabase()
            return Finding(.ok, "The database answers.")
        }
    }

    package static func folder(_ status: ArchiveStatus) -> HealthCheck {
        HealthCheck(
            "recordings",
            isVital: true,
            validity: .seconds(10),
            complaint: "The folder of recordings (UPLOAD_DIR) is missing or can't be written to."
        ) {
            try await status.checkFolder()
            return Finding(.ok, "The folder of recordings can be written to.")
        }
    }

    package static func space(_ status: ArchiveStatus) -> HealthCheck {
        HealthCheck("disk", validity: .seconds(10), complaint: "The free space of the disk with the recordings is unknown.") {
            let (free, reserve) = try await status.space()
            let sizes = "\(free / 1_000_000) MB of the disk with the recordings are free"
            guard free < reserve else { return Finding(.ok, sizes + ".") }
            return Finding(.warning, sizes + ". Below \(reserve / 1_000_000) MB, uploads are refused and work waits.")
        }
    }

    package static func model(_ models: ModelLibrary) -> HealthCheck {
        HealthCheck("model", validity: .seconds(10), complaint: "The folder of models can't be read.") {
            do {
                let name = try await blocking { try models.model(named: nil).name }
                return Finding(.ok, "The default model is \(name).")
            } catch {
                return Finding(.warning, "The default model (WHISPER_MODEL) is not installed.")
            }
        }
    }

    package static func queue(_ status: ArchiveStatus) -> HealthCheck {
        HealthCheck("queue", complaint: "The queue is unknown.") {
            let queue = try await status.queue()
            guard queue.waiting > 0 else { return Finding(.ok, "No job waits.") }
            let jobs = "\(queue.waiting) jobs wait, the oldest for \(Int(clamping: queue.oldest.seconds)) s"
            guard try await status.workers().isEmpty else { return Finding(.ok, jobs + ".") }
            return Finding(.warning, jobs + ", and no worker runs.")
        }
    }

    /// - Parameter patience: For how long a job may make no progress.
    package static func workers(_ status: ArchiveStatus, patience: Duration) -> HealthCheck {
        HealthCheck("workers", complaint: "The workers are unknown.") {
            let workers = try await status.workers()
            guard !workers.isEmpty else { return Finding(.warning, "No worker has reported within the last 20 seconds.") }
            let silence = workers.compactMap(\.silence).max()
            let progress = silence.map { ", the slowest job last progressed \(Int(clamping: $0.seconds)) s ago" } ?? ""
            let isSilent = silence.map { $0 > patience } ?? false
            return Finding(
                isSilent ? .warning : .ok,
                "Workers: \(workers.count), lanes: \(workers.reduce(0) { $0 + $1.lanes })\(progress)."
            )
        }
    }

    package static func holds(_ workers: WorkerRegistry) -> HealthCheck {
        HealthCheck("holds", complaint: "What work waits for is unknown.") {
            let holds = Set(try await workers.holds().values.joined().map(\.message)).sorted()
            return holds.isEmpty ? Finding(.ok, "Nothing holds up the work.") : Finding(.warning, holds.joined(separator: " "))
        }
    }

    package static func deletions(_ doomed: DoomedFiles) -> HealthCheck {
        HealthCheck("deletions", complaint: "Whether deleted files are gone is unknown.") {
            let backlog = try await doomed.backlog()
            guard backlog.count > 0, let problem = backlog.problem else { return Finding(.ok, "All deleted files are gone from the disk.") }
            return Finding(.warning, "\(backlog.count) deleted files are still on the disk; this is tried again. The reason: \(problem).")
        }
    }

    package static func lostFiles(_ lost: LostFiles) -> HealthCheck {
        HealthCheck("lost_files", validity: .seconds(60), complaint: "The lost files can't be counted.") {
            let count = try await lost.list().count
            return count == 0
                ? Finding(.ok, "No file was set aside.")
                : Finding(.ok, "\(count) files that no recording names are set aside; “earshot recordings lost” lists them.")
        }
    }
}
