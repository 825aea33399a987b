/// Why a file was not fetched from elsewhere.
enum ImportError: Error, Hashable {
    /// The operator doesn't want it.
    case off
    /// What was given is no web address, or not a plain one.
    case badAddress
    /// The host is not in the public Internet.
    case addressRefused(host: String)
    /// Nobody knows the host.
    case unknownHost(String)
    /// No connection comes about.
    case unreachable(host: String)
    /// The host answered with this status.
    case refused(status: UInt, host: String)
    /// One redirect follows the other, or one leads nowhere.
    case badRedirect(host: String)
    /// The file did not come to its end.
    case brokenOff(host: String)
    /// It took longer than is allowed.
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

    /// What to tell the client.
    var explanation: String {
        switch self {
        case .off: "This server fetches no files from elsewhere: that is off unless IMPORT_URLS=true is set. Send the file itself."
        case .badAddress: "“url” must be an http or https address with a plain host name, and without a user name or password."
        case .addressRefused(let host):
            "\(host) is not in the public Internet, where alone this server fetches files (IMPORT_ALLOW_PRIVATE names exceptions)."
        case .unknownHost(let host): "There is no host called \(host)."
        case .unreachable(let host): "No connection with \(host) comes about, or no safe one."
        case .refused(let status, let host): "\(host) does not give the file away: it answered with status \(status)."
        case .badRedirect(let host): "\(host) sends on to an address that can't be followed, or too often."
        case .brokenOff(let host): "The connection with \(host) broke off before the file was here."
        case .timedOut(let seconds): "The file did not come within \(seconds) s, which is the limit here (IMPORT_TIMEOUT_SECONDS)."
        }
    }
}
