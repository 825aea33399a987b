import SystemPackage

/// A worker's settings.
package struct WorkerSettings: Sendable {
    /// Its name in the database and the logs.
    package var name: String
    /// How long a job stays with a worker that has stopped responding; a working one renews its lease three times in that span.
    package var lease: Duration
    /// How long one job may take; nil for no limit.
    package var timeLimit: Duration?
    /// For how long a job may make no progress, although it was stopped at the time limit, before the worker ends itself; nil without a limit.
    var longestSilence: Duration? { timeLimit.map { $0 + max(.seconds(1), $0 / 10) } }
    /// How long running blocks may take after the worker was asked to stop, before they are returned to the queue.
    package var stopGrace: Duration
    /// The number of threads for one block; nil for as many as there are idle cores.
    package var threads: Int?
    /// How many blocks are recognized at the same time; nil for the calibrated number.
    package var lanes: Int?
    /// The longest recording that is accepted; nil for no limit.
    package var maximumDuration: Duration?
    /// The memory that all models together may use, in bytes; nil for what the machine or the container has.
    package var modelMemory: Int64?
    /// How long idle models stay loaded.
    package var idleTimes: IdleTimes
    /// Where calibrations of this machine are stored.
    package var cacheFolder: FilePath

    package init(
        name: String,
        lease: Duration = .seconds(15),
        timeLimit: Duration? = .seconds(3600),
        stopGrace: Duration = .zero,
        threads: Int? = nil,
        lanes: Int? = nil,
        maximumDuration: Duration? = nil,
        modelMemory: Int64? = nil,
        idleTimes: IdleTimes = IdleTimes(standard: .seconds(900)),
        cacheFolder: FilePath
    ) {
        self.name = name
        self.lease = lease
        self.timeLimit = timeLimit
        self.stopGrace = stopGrace
        self.threads = threads
        self.lanes = lanes
        self.maximumDuration = maximumDuration
        self.modelMemory = modelMemory
        self.idleTimes = idleTimes
        self.cacheFolder = cacheFolder
    }
}
