import SystemPackage

/// What the operator may set for a worker.
package struct WorkerSettings: Sendable {
    /// What it calls itself in the database and the logs.
    package var name: String
    /// How long a job stays with a worker that has gone silent. Renewed three times in that span.
    package var lease: Duration
    /// How long one job may take; nil for any time.
    package var timeLimit: Duration?
    /// How long blocks that are being recognized when the worker is told to stop may take to be finished; then they are given back.
    package var stopGrace: Duration
    /// The threads that one block is recognized with; nil for as many as there are free cores.
    package var threads: Int?
    /// How many blocks are recognized at the same time; nil for what a measurement finds best on this machine.
    package var lanes: Int?
    /// The longest recording to accept; nil for any.
    package var maximumDuration: Duration?
    /// The memory that all models together may take, in bytes; nil for what the machine or the container has.
    package var modelMemory: Int64?
    /// How long models stay loaded that nobody uses.
    package var idleTimes: IdleTimes
    /// Where measurements of this machine are kept.
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
