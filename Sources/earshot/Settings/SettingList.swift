import Basics
import Foundation
import HTTPSupport
import Logging
import ModelLibrary
import Postgres
import Server
import SystemPackage
import Worker

/// Every setting, in the order of docs/settings.md, which is generated from this list; texts are headings.
///
/// To add a setting, add a line here: `settings.NAME` is its value.
struct SettingList: Sendable {
    let storage = "Folders and database"
    let dataFolder = Setting(
        "EARSHOT_DATA",
        default: Self.defaultDataFolder,
        shown: "`~/.local/share/earshot`; for root `/var/lib/earshot`",
        accepted: "a path",
        "The folder for everything that has no folder of its own."
    ) { FilePath($0).absolute }
    let uploadPath = Setting(path: "UPLOAD_DIR", shown: "`uploads` in the data folder", "The folder for recordings.")
    let modelPath = Setting(path: "MODELS_DIR", shown: "`models` in the data folder", "The folder for models, `ggml-NAME.bin`.")
    let databaseURL = Setting(
        "DATABASE_URL",
        shown: "a private server in the data folder",
        isSecret: true,
        "The PostgreSQL database. Only Earshot's own user can reach the private server, through a socket."
    )
    let databaseConnections = Setting(
        "DATABASE_POOL_SIZE",
        default: 8,
        in: 2...500,
        "How many database connections each process opens, besides three for leases, health and notifications."
    )
    let databaseWait = Setting(
        seconds: "DATABASE_WAIT_SECONDS",
        default: 10,
        in: 1...3600,
        "How long a request waits for a free one of them before it is refused (503)."
    )
    let databaseQueue = Setting("DATABASE_QUEUE", default: 500, in: 1...1_000_000, "How many requests may wait for one at the same time.")
    let statementTimeLimit = Setting(
        seconds: "DATABASE_STATEMENT_SECONDS",
        default: 60,
        upTo: 86_400,
        "How long the database may work on one statement; 0 leaves it to the server's setting, here and in the next two lines."
    )
    let lockTimeLimit = Setting(
        seconds: "DATABASE_LOCK_SECONDS",
        default: 10,
        upTo: 86_400,
        "How long a statement waits for a lock before the request is refused (503)."
    )
    let idleTransactionLimit = Setting(
        seconds: "DATABASE_IDLE_TRANSACTION_SECONDS",
        default: 20,
        upTo: 86_400,
        "How long a transaction may stand still, such as in a process that was frozen, before the database ends it and frees its locks."
    )
    let databaseSilence = Setting(
        seconds: "DATABASE_SILENCE_SECONDS",
        default: 30,
        in: 3...86_400,
        "How long a network may swallow what was sent to the database before the connection counts as lost."
    )
    let databaseRestarts = Setting(
        "DATABASE_RESTARTS",
        default: PrivateCluster.usualRestarts,
        in: 0...1000,
        "How often in ten minutes the private server is started again when it has ended by itself; then Earshot ends, too."
    )

    let network = "Network"
    let apiHost = Setting("API_HOST", default: "127.0.0.1", "The address on which the API listens.")
    let apiPort = Setting("API_PORT", default: 8001, in: 0...65535, "The port on which the API listens.")
    let webHost = Setting("WEB_HOST", default: "127.0.0.1", "The address on which the website listens.")
    let webPort = Setting("WEB_PORT", default: 4200, in: 0...65535, "The port on which the website listens.")
    let allowedHosts = Setting(
        "ALLOWED_HOSTS",
        default: HostNames(),
        shown: "none",
        accepted: "host names, such as “earshot.example.com,*.home.arpa”, or “*”",
        """
        Host names, besides those of this machine, to which the API and the website answer: `earshot.example.com,*.home.arpa`. IP \
        addresses are always answered. `*` stands for every name, which lets pages of the Internet reach Earshot by DNS rebinding.
        """
    ) { HostNames($0) }
    let allowedOrigins = Setting(
        "ALLOWED_ORIGINS",
        default: Set<WebOrigin>(),
        shown: "none",
        accepted: "origins, such as “https://app.example,http://localhost:3000”",
        "Origins of other sites whose pages may use the API and the website's copy of it (CORS): `https://app.example,http://localhost:3000`."
    ) { AccessRules.origins($0) }
    let trustedProxies = Setting(
        "TRUSTED_PROXIES",
        default: Set<AddressBlock>(),
        shown: "none",
        accepted: "addresses and networks, such as “127.0.0.1,172.16.0.0/12”",
        "Addresses of proxies whose headers `Forwarded` and `X-Forwarded-…` are believed: `127.0.0.1,172.16.0.0/12`."
    ) { AccessRules.proxies($0) }
    let maximumConnections = Setting(
        "MAX_CONNECTIONS",
        upTo: 1_000_000,
        """
        How many connections the API and the website each keep open at once; more wait. 0 derives it from the limit of open files, up to \
        4096.
        """
    )
    let backendURL = Setting(
        "BACKEND_URL",
        default: String?.none,
        shown: "the API of the same process",
        accepted: "an address whose port is from 1 to 65535",
        "The address of the API, for the website."
    ) { text in URL(string: text)?.hasPossiblePort == false ? nil : .some(text) }
    let webRoot = Setting(
        path: "WEB_ROOT",
        shown: "the built-in files",
        "A folder with pages, styles and scripts that replace the built-in ones; read again for each request."
    )

    let models = "Models"
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
        megabytes: "MODEL_MEMORY_MB",
        "The memory in MB that the loaded models of a worker may take together; 0 allows nine tenths of the free memory."
    )
    let idleTimes = Setting(
        "MODEL_IDLE_SECONDS",
        default: IdleTimes(standard: .seconds(900)),
        shown: "`900`",
        accepted: "seconds, such as “900” or “900,large-v3=60,base=never”",
        "How long an idle model stays loaded, for all models and for single ones: `900,large-v3=60,base=never`."
    ) { IdleTimes(text: $0) }

    let work = "Work"
    let threads = Setting("WHISPER_THREADS", upTo: 1024, "How many threads the engine uses for a block; 0 uses the free cores.")
    let lanes = Setting("WHISPER_LANES", upTo: 64, "How many blocks a worker recognizes at the same time; 0 uses its calibration.")
    let timeLimit = Setting(
        seconds: "JOB_TIME_LIMIT_SECONDS",
        default: 3600,
        upTo: 1_000_000,
        "How long a worker may take to prepare a recording or to recognize one block; 0 sets no limit."
    )
    let prepareAheadMinutes = Setting(
        "PREPARE_AHEAD_MINUTES",
        default: 60,
        in: 5...100_000,
        "How many minutes of sound may be decoded ahead of recognition; an hour takes 115 MB of disk for each channel."
    )
    let lease = Setting(
        seconds: "JOB_LEASE_SECONDS",
        default: 15,
        in: 3...3600,
        "How long a job stays with a worker that stops responding."
    )
    let stopGrace = Setting(
        seconds: "STOP_GRACE_SECONDS",
        default: 0,
        in: 0...100_000,
        "How long a worker that is stopped may take to finish its blocks; then it returns them to the queue."
    )

    let mediaTools = Setting(
        "MEDIA_TOOLS",
        upTo: 1024,
        "How many files each process probes at the same time, and how many it decodes; 0 allows one for each core."
    )

    let limits = "Limits"
    let maximumUploadBytes = Setting(megabytes: "MAX_FILE_SIZE_MB", "The largest upload in MB; 0 sets no limit but the disk.")
    let maximumDuration = Setting(
        seconds: "MAX_DURATION_SECONDS",
        default: 86_400,
        upTo: 100_000_000,
        "The longest recording in seconds; 0 sets no limit."
    )
    let editMegabytes = Setting("MAX_EDIT_SIZE_MB", default: 16, in: 1...1000, "The largest edited text in one request, in MB of JSON.")
    let heavyRequests = Setting(
        "HEAVY_REQUESTS",
        upTo: 1000,
        "How many requests about large texts (edits, exports, whole transcripts) are worked on at the same time; 0 allows one for each core."
    )
    let heavyRequestsWaiting = Setting("HEAVY_REQUESTS_WAITING", default: 50, in: 0...10_000, "How many more of these may wait.")
    let heavyRequestWait = Setting(
        seconds: "HEAVY_REQUEST_WAIT_SECONDS",
        default: 60,
        in: 1...3600,
        "How long each of these waits before it is refused (503)."
    )
    let longestSilence = Setting(
        seconds: "UPLOAD_STALL_SECONDS",
        default: 60,
        in: 1...86_400,
        """
        How long a client may send nothing during or between requests, or read nothing of an answer, before the API or the website closes \
        its connection.
        """
    )
    let headLimit = Setting(
        seconds: "REQUEST_HEAD_SECONDS",
        default: 10,
        in: 1...3600,
        "How long a client may take to send the head of a request."
    )
    let drainLimit = Setting(
        seconds: "DRAIN_SECONDS",
        default: 20,
        in: 0...100_000,
        "How long the API and the website, when they are stopped, may take to finish requests; then they close the connections."
    )
    let maximumOpenUploads = Setting(
        "MAX_OPEN_UPLOADS",
        default: 1000,
        in: 1...1_000_000,
        "How many resumable uploads may be unfinished at once."
    )
    let mediaWait = Setting(
        seconds: "MEDIA_WAIT_SECONDS",
        default: 60,
        in: 1...3600,
        "How long a file may wait until others are probed or decoded; then an upload is rejected with status 503 and `Retry-After`."
    )
    let uploadLifetime = Setting(
        "UPLOAD_EXPIRY_HOURS",
        default: Duration.seconds(24 * 3600),
        shown: "`24`",
        accepted: "a number from 0.0001 to 100000.0",
        "How long an unfinished resumable upload is kept after its last bytes; 0.5 is half an hour."
    ) { text in Double(text).flatMap { (0.0001...100_000).contains($0) ? .seconds(3600 * $0) : nil } }
    let lostFileDays = Setting(
        "LOST_FILES_DAYS",
        default: 30,
        in: 0...100_000,
        "How many days files in the folder of recordings that no recording names are kept in its folder `lost`; 0 keeps them for ever."
    )
    let keepsAwaitedTranscriptions = Setting(
        "KEEP_API_TRANSCRIPTIONS",
        default: true,
        "Whether the library keeps the recordings and transcriptions of clients that wait for the text (`/v1/audio`, `/asr`, `/inference`)."
    )
    let searchTimeLimit = Setting(
        seconds: "SEARCH_TIME_LIMIT_SECONDS",
        default: 5,
        in: 1...3600,
        "How long each step of a search may take."
    )
    let eventsKept = Setting(
        "EVENTS_KEPT",
        default: 10_000,
        in: 1...100_000_000,
        "How many recent events are kept for clients that reconnect."
    )

    let imports = "Imports from web addresses"
    let allowsImports = Setting("IMPORT_URLS", default: false, "Whether clients may have recordings downloaded from web addresses.")
    let importTimeLimit = Setting(seconds: "IMPORT_TIMEOUT_SECONDS", default: 600, in: 1...1_000_000, "How long such a download may take.")
    let importPlaces = Setting(
        "IMPORT_ALLOW_PRIVATE",
        default: PrivatePlaces(),
        shown: "`false`",
        accepted: "hosts and networks, such as “nas.local,10.1.0.0/16”",
        "Hosts and networks outside the public Internet that imports may reach: `nas.local,10.1.0.0/16`."
    ) { PrivatePlaces($0) }

    let log = "Log"
    let logLevel = Setting("LOG_LEVEL", default: Logger.Level.info, "The least severe messages that are logged")

    enum Entry {
        case heading(String)
        case setting(any AnySetting)
    }

    /// The headings and settings in order.
    var entries: [Entry] {
        Mirror(reflecting: self).children.compactMap { child in
            (child.value as? String).map(Entry.heading) ?? (child.value as? any AnySetting).map(Entry.setting)
        }
    }

    var settings: [any AnySetting] {
        entries.compactMap { if case .setting(let setting) = $0 { setting } else { nil } }
    }

    private static var defaultDataFolder: FilePath {
        let environment = ProcessInfo.processInfo.environment
        if getuid() == 0 { return "/var/lib/earshot" }
        if let data = environment["XDG_DATA_HOME"], !data.isEmpty { return FilePath(data).appending("earshot") }
        return FilePath(NSHomeDirectory()).appending(".local/share/earshot")
    }
}
