import Basics

/// Why a model could not be fetched.
package enum DownloadError: Error, Hashable, CustomStringConvertible {
    /// The hub's address is no web address.
    case badAddress(String)
    /// The proxy that the environment names can't be used.
    case badProxy(String)
    /// The hub can't be reached, and the system's reason.
    case offline(host: String, reason: String)
    /// The hub doesn't have the file.
    case notFound(file: String, host: String)
    /// The hub answered with this status.
    case hubRefused(status: Int, host: String)
    /// The hub sent us on to no place, to an unsafe one, or in a circle.
    case badRedirect(host: String)
    /// The connection stands, but nothing has come for so many seconds, several times.
    case stalled(host: String, seconds: Double)
    /// The connection broke off again and again, at last for this reason.
    case gaveUp(host: String, reason: String)
    /// The file that came is not the one that was published; checksums in hexadecimal digits.
    case checksum(expected: String, got: String)
    /// The file that came is no model, and why.
    case notAModel(reason: String)
    /// The disk has too little room; in bytes.
    case diskFull(needed: Int64, free: Int64)
    /// The model folder can't be written to, and the system's reason.
    case cannotWrite(path: String, reason: String)

    /// The reason as a word for programs.
    package var code: String {
        switch self {
        case .badAddress: "bad_hub_address"
        case .badProxy: "bad_proxy"
        case .offline: "offline"
        case .notFound: "not_found"
        case .hubRefused: "hub_refused"
        case .badRedirect: "bad_redirect"
        case .stalled: "stalled"
        case .gaveUp: "gave_up"
        case .checksum: "wrong_checksum"
        case .notAModel: "not_a_model"
        case .diskFull: "disk_full"
        case .cannotWrite: "cannot_write"
        }
    }

    package var description: String {
        switch self {
        case .badAddress(let address): "“\(address)” is no web address. Set MODEL_HUB_URL to one such as https://huggingface.co."
        case .badProxy(let reason): "The proxy in the environment can't be used: \(reason). Use http://HOST:PORT or socks5://HOST:PORT."
        case .offline(let host, let reason):
            """
            \(host) can't be reached (\(reason)). Check the network and the proxy settings, name a mirror in MODEL_HUB_URL, \
            or bring the model on a disk: “earshot models bundle” writes one where there is a network.
            """
        case .notFound(let file, let host): "\(host) has no \(file). If MODEL_HUB_URL names a mirror, the mirror may lack this model."
        case .hubRefused(let status, let host):
            status == 401 || status == 403
                ? "\(host) doesn't let us have the model (status \(status)). A mirror may ask for a sign-in, which is not supported."
                : "\(host) can't deliver the model now (status \(status)). Try again later; what has come is kept."
        case .badRedirect(let host): "\(host) sent us on to an address that can't be followed. Check MODEL_HUB_URL."
        case .stalled(let host, let seconds):
            "\(host) has sent nothing for \(Int(clamping: seconds.rounded(.up))) s, several times. Try again; what has come is kept."
        case .gaveUp(let host, let reason): "The connection to \(host) breaks off (\(reason)). Try again; what has come is kept."
        case .checksum(let expected, let got):
            """
            The file that came is not the published one (checksum \(got.prefix(12))… instead of \(expected.prefix(12))…) and was removed. \
            Try again; if it happens again, the mirror or a proxy alters files.
            """
        case .notAModel(let reason): "What came is no speech model and was removed: \(reason) Check MODEL_HUB_URL and the proxy settings."
        case .diskFull(let needed, let free):
            "The disk has \(Self.megabytes(free)) MB free, and \(Self.megabytes(needed)) MB are needed. Make room, or choose a smaller model."
        case .cannotWrite(let path, let reason): "\(path) can't be written to: \(reason). Check who may write there."
        }
    }

    /// Rounded up, so that what is needed is never understated by much.
    private static func megabytes(_ bytes: Int64) -> Int64 { bytes / 1_000_000 + (bytes % 1_000_000 == 0 ? 0 : 1) }
}
