import Basics
import Configuration
import Foundation
import Logging
import ModelLibrary
import Server
import SystemPackage
import Worker

/// What the operator may set, in the environment or in a file `.env`; read once, and a wrong value stops the start.
struct Settings: Sendable {
    /// `EARSHOT_DATA`: where everything lies that has no folder of its own.
    /// By default `/var/lib/earshot` for root, `~/.local/share/earshot` (or below `XDG_DATA_HOME`) for others.
    var dataFolder: FilePath
    /// `UPLOAD_DIR`: uploaded audio; by default `uploads` in the data folder.
    var uploadFolder: FilePath
    /// `MODELS_DIR`: speech models, `ggml-NAME.bin`; by default `models` in the data folder.
    var modelFolder: FilePath
    /// `DATABASE_URL`: a PostgreSQL server; without it Earshot runs one of its own in the data folder.
    var databaseURL: String?
    /// `DATABASE_POOL_SIZE`: connections of each process; 8.
    var databaseConnections: Int
    /// `API_HOST`, `API_PORT`: where the API listens; 127.0.0.1, 8001.
    var apiHost: String
    var apiPort: Int
    /// `WEB_HOST`, `WEB_PORT`: where the website listens; 127.0.0.1, 4200.
    var webHost: String
    var webPort: Int
    /// `BACKEND_URL`: where the website finds the API; by default the API of the same process.
    var backendURL: String?
    /// `WEB_ROOT`: a folder with pages, styles and scripts to use instead of the built-in ones, read anew for every request.
    var webRoot: FilePath?
    /// `MAX_FILE_SIZE_MB`: the largest upload, in millions of bytes; 0 (the default) for no limit but the disk.
    var maximumUploadBytes: Int64?
    /// `MAX_EDIT_SIZE_MB`: the largest edited text in one request, in millions of bytes of JSON; 16.
    var maximumEditBytes: Int
    /// `MAX_DURATION_SECONDS`: the longest recording; 0 (the default) for any.
    var maximumDuration: Duration?
    /// `UPLOAD_STALL_SECONDS`: how long a client may say nothing in the middle of a request before its connection is closed; 60.
    var longestSilence: Duration
    /// `UPLOAD_EXPIRY_HOURS`: how long an unfinished upload is kept while nothing comes, also less than an hour (0.5); 24.
    var uploadLifetime: Duration
    /// `IMPORT_URLS`, `IMPORT_TIMEOUT_SECONDS`, `IMPORT_ALLOW_PRIVATE`: whether recordings may be fetched from web addresses (false), how
    /// long that may take (600), and which hosts and networks are allowed besides the public Internet (none); nil for no imports.
    var imports: ImportSettings?
    /// `KEEP_API_TRANSCRIPTIONS`: whether what programs had transcribed that wait for the answer, as with OpenAI's API, stays in the library; true.
    var keepsAwaitedTranscriptions: Bool
    /// `SEARCH_TIME_LIMIT_SECONDS`: how long each step of a search may take; 5.
    var searchTimeLimit: Duration
    /// `EVENTS_KEPT`: how many of the latest events are kept for clients that come back; 10000.
    var eventsKept: Int
    /// `WHISPER_MODEL`: the model to use when none is named.
    var model: String?
    /// `MODEL_HUB_URL`: where models are downloaded from; https://huggingface.co, or a mirror that has the same paths.
    var hubAddress: String
    /// `PRELOAD_MODELS`: models that the API fetches in the background when it starts, if they are not here: `tiny base`, `all`; none.
    /// `FORCE_DOWNLOAD`: whether to fetch them even if they are here.
    var preload: ModelPreload
    /// `MODEL_MEMORY_MB`: the memory that loaded models may take together; 0 (the default) for nine tenths of what is free.
    var modelMemory: Int64?
    /// `MODEL_IDLE_SECONDS`: how long models stay loaded that nobody uses, for all and for some: `900,large-v3=60,base=never`; 900.
    var idleTimes: IdleTimes
    /// `WHISPER_THREADS`: the engine's threads; 0 (the default) for as many as there are free cores.
    var threads: Int?
    /// `WHISPER_LANES`: blocks of speech that are recognised at the same time; 0 (the default) for what is measured to be best.
    var lanes: Int?
    /// `JOB_TIME_LIMIT_SECONDS`: how long preparing a recording or recognising one of its blocks may take; 3600, 0 for any time.
    var timeLimit: Duration?
    /// `STOP_GRACE_SECONDS`: how long a worker that is told to stop may take to finish its blocks; 0 (the default) gives them back at once.
    var stopGrace: Duration
    /// `JOB_LEASE_SECONDS`: how long a job stays with a worker that has gone silent; 15.
    var lease: Duration
    /// `LOG_LEVEL`: trace, debug, info, notice, warning, error or critical; info.
    var logLevel: Logger.Level

    /// Reads the environment, then `.env`.
    static func load() async throws -> Settings {
        try Settings(
            reader: ConfigReader(providers: [
                EnvironmentVariablesProvider(),
                try await EnvironmentVariablesProvider(environmentFilePath: ".env", allowMissing: true),
            ])
        )
    }

    init(reader: ConfigReader) throws {
        dataFolder = reader.text("earshot.data").map { FilePath($0) } ?? Self.defaultDataFolder
        dataFolder = dataFolder.absolute
        uploadFolder = reader.text("upload.dir").map { FilePath($0).absolute } ?? dataFolder.appending("uploads")
        modelFolder = reader.text("models.dir").map { FilePath($0).absolute } ?? dataFolder.appending("models")
        databaseURL = reader.text("database.url", isSecret: true)
        databaseConnections = try reader.number("database.pool.size", default: 8, in: 2...500)
        apiHost = reader.text("api.host") ?? "127.0.0.1"
        apiPort = try reader.number("api.port", default: 8001, in: 0...65535)
        webHost = reader.text("web.host") ?? "127.0.0.1"
        webPort = try reader.number("web.port", default: 4200, in: 0...65535)
        backendURL = reader.text("backend.url")
        guard backendURL.flatMap(URL.init(string:))?.hasPossiblePort ?? true else {
            throw SettingsError(description: "BACKEND_URL is “\(backendURL ?? "")”, but its port must be a number from 1 to 65535.")
        }
        webRoot = reader.text("web.root").map { FilePath($0).absolute }
        let megabytes = try reader.number("max.file.size.mb", default: 0, in: 0...100_000_000)
        maximumUploadBytes = megabytes == 0 ? nil : Int64(megabytes) * 1_000_000
        maximumEditBytes = try reader.number("max.edit.size.mb", default: 16, in: 1...1000) * 1_000_000
        let seconds = try reader.number("max.duration.seconds", default: 0, in: 0...100_000_000)
        maximumDuration = seconds == 0 ? nil : .seconds(seconds)
        longestSilence = .seconds(try reader.number("upload.stall.seconds", default: 60, in: 1...86_400))
        uploadLifetime = .seconds(3600 * (try reader.fraction("upload.expiry.hours", default: 24, in: 0.0001...100_000)))
        let importTime = try reader.number("import.timeout.seconds", default: 600, in: 1...1_000_000)
        let places = try reader.privatePlaces("import.allow.private")
        imports =
            try reader.flag("import.urls", default: false) ? ImportSettings(timeLimit: .seconds(importTime), privatePlaces: places) : nil
        keepsAwaitedTranscriptions = try reader.flag("keep.api.transcriptions", default: true)
        searchTimeLimit = .seconds(try reader.number("search.time.limit.seconds", default: 5, in: 1...3600))
        eventsKept = try reader.number("events.kept", default: 10_000, in: 1...100_000_000)
        model = reader.text("whisper.model")
        hubAddress = reader.text("model.hub.url") ?? ModelDownloader.officialHub
        preload = ModelPreload(
            models: try reader.models("preload.models"),
            isForced: try reader.flag("force.download", default: false)
        )
        let memory = try reader.number("model.memory.mb", default: 0, in: 0...100_000_000)
        modelMemory = memory == 0 ? nil : Int64(memory) * 1_000_000
        idleTimes = try reader.idleTimes("model.idle.seconds", default: IdleTimes(standard: .seconds(900)))
        let threads = try reader.number("whisper.threads", default: 0, in: 0...1024)
        self.threads = threads == 0 ? nil : threads
        let lanes = try reader.number("whisper.lanes", default: 0, in: 0...64)
        self.lanes = lanes == 0 ? nil : lanes
        let limit = try reader.number("job.time.limit.seconds", default: 3600, in: 0...1_000_000)
        timeLimit = limit == 0 ? nil : .seconds(limit)
        stopGrace = .seconds(try reader.number("stop.grace.seconds", default: 0, in: 0...100_000))
        lease = .seconds(try reader.number("job.lease.seconds", default: 15, in: 3...3600))
        logLevel = try reader.choice("log.level", default: .info)
    }

    /// Where measurements of this machine are kept.
    var cacheFolder: FilePath { dataFolder.appending("cache") }

    private static var defaultDataFolder: FilePath {
        let environment = ProcessInfo.processInfo.environment
        if getuid() == 0 { return "/var/lib/earshot" }
        if let data = environment["XDG_DATA_HOME"], !data.isEmpty { return FilePath(data).appending("earshot") }
        return FilePath(NSHomeDirectory()).appending(".local/share/earshot")
    }
}

/// A setting that can't be used.
struct SettingsError: Error, CustomStringConvertible {
    let description: String
}

extension ConfigReader {
    /// The text of a setting; nil when it is missing or empty. `api.port` is `API_PORT` in the environment.
    fileprivate func text(_ key: ConfigKey, isSecret: Bool = false) -> String? {
        string(forKey: key, isSecret: isSecret).flatMap { $0.isEmpty ? nil : $0 }
    }

    fileprivate func number(_ key: ConfigKey, default value: Int, in range: ClosedRange<Int>) throws -> Int {
        guard let text = text(key) else { return value }
        guard let number = Int(text), range.contains(number) else {
            throw SettingsError(
                description: "\(key.variable) is “\(text)”, but must be a whole number from \(range.lowerBound) to \(range.upperBound)."
            )
        }
        return number
    }

    fileprivate func flag(_ key: ConfigKey, default value: Bool) throws -> Bool {
        guard let text = text(key) else { return value }
        switch text.lowercased() {
        case "true", "1", "yes", "on": return true
        case "false", "0", "no", "off": return false
        default: throw SettingsError(description: "\(key.variable) is “\(text)”, but must be true or false.")
        }
    }

    /// Models of the catalogue, with commas or blanks between their names.
    fileprivate func models(_ key: ConfigKey) throws -> [CatalogueModel] {
        do {
            return try Catalogue.models(inList: text(key) ?? "")
        } catch {
            throw SettingsError(
                description: "\(key.variable) names “\(error.name)”, which can't be downloaded; “earshot models list --all” tells what can."
            )
        }
    }

    fileprivate func fraction(_ key: ConfigKey, default value: Double, in range: ClosedRange<Double>) throws -> Double {
        guard let text = text(key) else { return value }
        guard let number = Double(text), range.contains(number) else {
            throw SettingsError(
                description: "\(key.variable) is “\(text)”, but must be a number from \(range.lowerBound) to \(range.upperBound)."
            )
        }
        return number
    }

    fileprivate func privatePlaces(_ key: ConfigKey) throws -> PrivatePlaces {
        guard let text = text(key) else { return PrivatePlaces() }
        guard let places = PrivatePlaces(text) else {
            throw SettingsError(
                description: "\(key.variable) is “\(text)”, but must be hosts and networks, such as “nas.local,10.1.0.0/16”."
            )
        }
        return places
    }

    fileprivate func idleTimes(_ key: ConfigKey, default value: IdleTimes) throws -> IdleTimes {
        guard let text = text(key) else { return value }
        guard let times = IdleTimes(text: text) else {
            throw SettingsError(
                description: "\(key.variable) is “\(text)”, but must be seconds, such as “900” or “900,large-v3=60,base=never”."
            )
        }
        return times
    }

    /// One of a fixed list of words, in any case.
    fileprivate func choice<Value: RawRepresentable & CaseIterable>(_ key: ConfigKey, default value: Value) throws -> Value
    where Value.RawValue == String {
        guard let text = text(key) else { return value }
        guard let chosen = Value(rawValue: text.lowercased()) else {
            let words = Value.allCases.map(\.rawValue).joined(separator: ", ")
            throw SettingsError(description: "\(key.variable) is “\(text)”, but must be one of: \(words).")
        }
        return chosen
    }
}

extension ConfigKey {
    /// What the setting is called in the environment.
    fileprivate var variable: String { components.joined(separator: "_").uppercased() }
}
