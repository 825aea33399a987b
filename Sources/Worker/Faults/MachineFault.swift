import Archive
import Audio
import Speech

/// A fault of the machine: jobs wait until it has passed, and none of them counts it as a failure.
enum MachineFault: Sendable, Hashable {
    /// The disk of the recordings is full, or may not be written to.
    case diskFull
    /// The folder of recordings is missing, or can't be read or written.
    case recordingsUnavailable(reason: String)
    /// A media tool is not installed.
    case toolMissing(String)
    /// No media tool can be started, because the machine lacks memory, processes or open files.
    case machineBusy(reason: String)
    case databaseUnavailable
    case databaseFull
    /// A model's file is not there; it may be on its way.
    case modelMissing(String)
    /// There is not enough memory for a model beside what runs now.
    case memoryFull(model: String, reason: String)
    /// The disk has no room for the sound of this recording.
    case noRoom(reason: String)
    /// Too many files are being read at the same time.
    case mediaToolsBusy

    /// One of a bounded set of words.
    var code: String {
        switch self {
        case .diskFull, .noRoom: "disk_full"
        case .recordingsUnavailable: "recordings_unavailable"
        case .toolMissing: "tool_missing"
        case .machineBusy, .mediaToolsBusy: "machine_busy"
        case .databaseUnavailable: "database_unavailable"
        case .databaseFull: "database_full"
        case .modelMissing: "model_missing"
        case .memoryFull: "memory_full"
        }
    }

    /// A sentence what is wrong and what to do.
    var message: String {
        switch self {
        case .diskFull: "The disk of the recordings is full or read-only. The work continues when there is space."
        case .recordingsUnavailable(let reason):
            "The folder of recordings can't be used: \(reason). The work continues when it is back."
        case .toolMissing(let name): "The program \(name) is not installed. The work continues when it is."
        case .machineBusy(let reason): "No media tool can be started: \(reason). The work continues when it can."
        case .databaseUnavailable: "The database does not answer. The work continues when it does."
        case .databaseFull: "The database's disk is full. The work continues when there is space."
        case .modelMissing(let name): "The model “\(name)” is not installed. The work continues when it is downloaded or installed."
        case .memoryFull(_, let reason): "\(reason) The work continues when there is memory."
        case .noRoom(let reason): "\(reason) The work continues when there is space."
        case .mediaToolsBusy: "Too many files are being read at the same time. The work continues in a moment."
        }
    }

    /// The kinds of jobs that wait; none if only the job does that met the fault.
    var kinds: [Job.Kind] {
        switch self {
        case .diskFull, .toolMissing, .machineBusy: [.prepare]
        case .recordingsUnavailable, .modelMissing, .memoryFull: [.prepare, .block]
        case .databaseUnavailable, .databaseFull: Job.Kind.allCases
        case .noRoom, .mediaToolsBusy: []
        }
    }

    /// The model whose jobs wait; nil for all.
    var model: String? {
        switch self {
        case .modelMissing(let name), .memoryFull(let name, _): name
        default: nil
        }
    }

    /// Whether it is the database that fails.
    var isOfDatabase: Bool { self == .databaseUnavailable || self == .databaseFull }

    /// Whether its end is to be noticed at once: a download that clients wait for.
    var isSeenAtOnce: Bool { if case .modelMissing = self { true } else { false } }

    /// How long a job waits that meets the fault alone.
    var pause: Duration { self == .mediaToolsBusy ? .seconds(5) : .seconds(30) }

    /// The fault that waits in the same place, whatever its reason.
    func isSame(as other: MachineFault) -> Bool { (code, model, kinds) == (other.code, other.model, other.kinds) }
}
