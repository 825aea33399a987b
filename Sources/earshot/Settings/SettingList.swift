import Foundation
import Logging
import ModelLibrary
import Server
import SystemPackage
import Worker

/// Every setting, in the order of docs/settings.md, which is generated from this list.
///
/// To add a setting, add a line here: `settings.NAME` is its value.
struct SettingList: Sendable {
    let storageHeading = SettingHeading("Folders and database")
    let dataFolder = Setting(
        "EARSHOT_DATA",
        default: Self.defaultDataFolder,
        shown: "`~/.local/share/earshot`; for root `/var/lib/earshot`",
        "The folder for everything that has no folder of its own.",
        parse: { FilePath($0).absolute }
    )
    let uploadPath = Setting("UPLOAD_DIR", shown: "`uploads` in the data folder", "The folder for recordings.").map(Self.path)
    let modelPath = Setting("MODELS_DIR", shown: "`models` in the data folder", "The folder for models, `ggml-NAME.bin`.").map(Self.path)
    let databaseURL = Setting(
        "DATABASE_URL",
        shown: "a private server in the data folder",
        isSecret: true,
        "The PostgreSQL database. Without it, Earshot runs a private server that only its own user can reach, through a socket."
    )
    let databaseConnections = Setting(
        "DATABASE_POOL_SIZE",
        default: 8,
        in: 2...500,
        "The number of database connections of each process."
    )

    let networkHeading = SettingHeading("Network")
    let apiHost = Setting("API_HOST", default: "127.0.0.1", "The address on which the API listens.")
    let apiPort = Setting("API_PORT", default: 8001, in: 0...65535, "The port on which the API listens.")
    let webHost = Setting("WEB_HOST", default: "127.0.0.1", "The address on which the website listens.")
    let webPort = Setting("WEB_PORT", default: 4200, in: 0...65535, "The port on which the website listens.")
    let backendURL = Setting("BACKEND_URL", shown: "the API of the same process", "The address of the API, for the website.")
    let webRoot = Setting(
        "WEB_ROOT",
        shown: "the built-in files",
        "A folder with pages, styles and scripts that replace the built-in ones; read again for each request."
    ).map(Self.path)

    let modelHeading = SettingHeading("Models")
    let model = Setting("WHISPER_MODEL", shown: "`base` if installed, else the first model", "The model for requests that name none.")
    let hubAddress = Setting(
        "MODEL_HUB_URL",
        default: ModelDownloader.officialHub,
        "The address from which models are downloaded; a mirror must have the same paths."
    )
    let preloadedModels = Setting(
        models: "PRELOAD_MODELS",
        "The models that the API downloads in the background at its start if they are missing: `tiny base`, or `all` for the six sizes."
    )
    let forcesDownload = Setting("FORCE_DOWNLOAD", default: false, "Whether to download these models again if they are installed.")
    let modelMemory = Setting(
        "MODEL_MEMORY_MB",
        default: 0,
        in: 0...100_000_000,
        "The memory in MB that the loaded models of a worker may take together; 0 allows nine tenths of the free memory."
    ).nilIfZero(Self.megabytes)
    let idleTimes = Setting(
        "MODEL_IDLE_SECONDS",
        default: IdleTimes(standard: .seconds(900)),
        shown: "`900`",
        accepted: "seconds, such as “900” or “900,large-v3=60,base=never”",
        "How long an idle model stays loaded, for all models and for single ones: `900,large-v3=60,base=never`.",
        parse: { IdleTimes(text: $0) }
    )

    let workHeading = SettingHeading("Work")
    let threads = Setting(
        "WHISPER_THREADS",
        default: 0,
        in: 0...1024,
        "The threads that the engine uses for each block of speech; 0 uses the free cores."
    ).nilIfZero(Self.same)
    let lanes = Setting(
        "WHISPER_LANES",
        default: 0,
        in: 0...64,
        "The number of blocks that a worker recognizes at the same time; 0 uses the number that its calibration found best."
    ).nilIfZero(Self.same)
    let timeLimit = Setting(
        "JOB_TIME_LIMIT_SECONDS",
        default: 3600,
        in: 0...1_000_000,
        "How long a worker may take to prepare a recording or to recognize one block; 0 sets no limit."
    ).nilIfZero(Self.seconds)
    let lease = Setting(
        "JOB_LEASE_SECONDS",
        default: 15,
        in: 3...3600,
        "How long a job stays with a worker that no longer responds."
    ).map(Self.seconds)
    let stopGrace = Setting(
        "STOP_GRACE_SECONDS",
        default: 0,
        in: 0...100_000,
        "How long a worker that is stopped may take to finish its blocks; then it returns them to the queue."
    ).map(Self.seconds)

    let limitHeading = SettingHeading("Limits")
    let maximumUploadBytes = Setting(
        "MAX_FILE_SIZE_MB",
        default: 0,
        in: 0...100_000_000,
        "The largest upload in MB; 0 sets no limit but the disk."
    ).nilIfZero(Self.megabytes)
    let maximumDuration = Setting(
        "MAX_DURATION_SECONDS",
        default: 0,
        in: 0...100_000_000,
        "The longest recording; 0 sets no limit."
    ).nilIfZero(Self.seconds)
    let maximumEditBytes = Setting(
        "MAX_EDIT_SIZE_MB",
        default: 16,
        in: 1...1000,
        "The largest edited text in one request, in MB of JSON."
    ).map { $0 * 1_000_000 }
    let longestSilence = Setting(
        "UPLOAD_STALL_SECONDS",
        default: 60,
        in: 1...86_400,
        "How long a connection may be silent during or between requests before the API closes it."
    ).map(Self.seconds)
    let uploadLifetime = Setting(
        "UPLOAD_EXPIRY_HOURS",
        default: 24,
        shown: "24",
        in: 0.0001...100_000,
        "How long an unfinished resumable upload is kept after its last bytes; 0.5 is half an hour."
    ).map { Duration.seconds(3600 * $0) }
    let keepsAwaitedTranscriptions = Setting(
        "KEEP_API_TRANSCRIPTIONS",
        default: true,
        "Whether the library keeps the recordings and transcriptions of clients that wait for the text (`/v1/audio`, `/asr`, `/inference`)."
    )
    let searchTimeLimit = Setting(
        "SEARCH_TIME_LIMIT_SECONDS",
        default: 5,
        in: 1...3600,
        "How long each step of a search may take."
    ).map(Self.seconds)
    let eventsKept = Setting(
        "EVENTS_KEPT",
        default: 10_000,
        in: 1...100_000_000,
        "The number of recent events that are kept for clients that reconnect."
    )

    let importHeading = SettingHeading("Imports from web addresses")
    let allowsImports = Setting("IMPORT_URLS", default: false, "Whether clients may have recordings downloaded from web addresses.")
    let importTimeLimit = Setting(
        "IMPORT_TIMEOUT_SECONDS",
        default: 600,
        in: 1...1_000_000,
        "How long such a download may take."
    ).map(Self.seconds)
    let importPlaces = Setting(
        "IMPORT_ALLOW_PRIVATE",
        default: PrivatePlaces(),
        shown: "`false`",
        accepted: "hosts and networks, such as “nas.local,10.1.0.0/16”",
        "Hosts and networks outside the public Internet that imports may reach: `nas.local,10.1.0.0/16`.",
        parse: { PrivatePlaces($0) }
    )

    let logHeading = SettingHeading("Log")
    let logLevel = Setting("LOG_LEVEL", default: Logger.Level.info, "The least severe messages that are logged")

    /// The headings and settings in order.
    var entries: [Entry] {
        Mirror(reflecting: self).children.compactMap { child in
            if let heading = child.value as? SettingHeading { return .heading(heading.title) }
            return (child.value as? any AnySetting).map(Entry.setting)
        }
    }

    var settings: [any AnySetting] {
        entries.compactMap { if case .setting(let setting) = $0 { setting } else { nil } }
    }

    enum Entry {
        case heading(String)
        case setting(any AnySetting)
    }

    private static var defaultDataFolder: FilePath {
        let environment = ProcessInfo.processInfo.environment
        if getuid() == 0 { return "/var/lib/earshot" }
        if let data = environment["XDG_DATA_HOME"], !data.isEmpty { return FilePath(data).appending("earshot") }
        return FilePath(NSHomeDirectory()).appending(".local/share/earshot")
    }

    private static func path(_ text: String?) -> FilePath? { text.map { FilePath($0).absolute } }
    private static func seconds(_ number: Int) -> Duration { .seconds(number) }
    private static func megabytes(_ number: Int) -> Int64 { Int64(number) * 1_000_000 }
    private static func same(_ number: Int) -> Int { number }
}

/// The title of a group of settings.
struct SettingHeading: Sendable {
    let title: String

    init(_ title: String) {
        self.title = title
    }
}
