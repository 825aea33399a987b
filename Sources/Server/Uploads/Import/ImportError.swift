/// Why a file could not be imported from a web address.
enum ImportError: Error, Hashable {
    /// Imports are not enabled.
    case off
    /// The text is no web address, or not a plain one.
    case badAddress
    /// The host is not in the public Internet.
    case addressRefused(host: String)
    case unknownHost(String)
    /// The connection failed.
    case unreachable(host: String)
    /// The host answered with this status.
    case refused(status: UInt, host: String)
    /// There were too many redirects, or one led nowhere.
    case badRedirect(host: String)
    /// The connection broke before the file was complete.
    case brokenOff(host: String)
    case timedOut(limitSeconds: Int)

    /// The reason as a word for programs.
    var code: String {
        switch self {
        case .off: "import_off"
        case .badAddress: "invalid_url"
        case .addressRefused: "address_refused"
        case .unknownHost: "host_unknown"
        case .unreachable: "host_unreachable"
        case .refused: "import_refused"
        case .badRedirect: "bad_redirect"
        case .brokenOff: "import_broken_off"
        case .timedOut: "import_timed_out"
        }
    }

    /// The reason as a sentence for people.
    var explanation: String {
        switch self {
        case .off: "Imports from web addresses are disabled on this server (IMPORT_URLS=true enables them). Send the file itself."
        case .badAddress: "“url” must be an http or https address with a plain host name and without a user name or password."
        case .addressRefused(let host):
            "\(host) is not in the public Internet. This server imports from there only (IMPORT_ALLOW_PRIVATE adds exceptions)."
        case .unknownHost(let host): "The host \(host) does not exist."
        case .unreachable(let host): "Could not connect to \(host), or its certificate is not trusted."
        case .refused(let status, let host): "\(host) refused the download (HTTP \(status))."
        case .badRedirect(let host): "\(host) redirects too often, or to an address that cannot be followed."
        case .brokenOff(let host): "The connection to \(host) broke before the file was complete. Try again."
        case .timedOut(let seconds): "The download took longer than the limit of \(seconds) s (IMPORT_TIMEOUT_SECONDS)."
        }
    }
}
