import Basics

/// Why a model could not be downloaded.
package enum DownloadError: Error, Hashable, CustomStringConvertible {
    case badAddress(String)
    case badProxy(String)
    case offline(host: String, reason: String)
    case notFound(file: String, host: String)
    case hubRefused(status: Int, host: String)
    /// The hub redirected to an invalid or unsafe address, or too often.
    case badRedirect(host: String)
    /// The hub was silent for this long, several times.
    case stalled(host: String, seconds: Double)
    /// The connection was lost several times, at last for this reason.
    case gaveUp(host: String, reason: String)
    /// The downloaded file is not the published one; checksums in hexadecimal digits.
    case checksum(expected: String, got: String)
    /// The downloaded file is not a model.
    case notAModel(reason: String)
    /// The disk has too little free space; in bytes.
    case diskFull(needed: Int64, free: Int64)
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
        case .badAddress(let address): "MODEL_HUB_URL is “\(address)”, which is not a web address. Use one such as https://huggingface.co."
        case .badProxy(let reason):
            "The proxy that the environment sets cannot be used: \(reason). Use http://HOST:PORT or socks5://HOST:PORT."
        case .offline(let host, let reason):
            """
            Could not connect to \(host) (\(reason)). Check the network and the proxy settings, set MODEL_HUB_URL to a mirror, \
            or copy the model from another machine with “earshot models bundle”.
            """
        case .notFound(let file, let host): "\(host) does not have the file \(file). If MODEL_HUB_URL is a mirror, it may lack this model."
        case .hubRefused(let status, let host):
            status == 401 || status == 403
                ? "\(host) refused the download (HTTP \(status)). Servers that require a sign-in are not supported."
                : "\(host) cannot send the model now (HTTP \(status)). Try again later; the download will resume."
        case .badRedirect(let host): "\(host) redirected the download to an invalid address. Check MODEL_HUB_URL."
        case .stalled(let host, let seconds):
            "\(host) repeatedly sent nothing for \(Int(clamping: seconds.rounded(.up))) s. Try again; the download will resume."
        case .gaveUp(let host, let reason):
            "The connection to \(host) was lost repeatedly (\(reason)). Try again; the download will resume."
        case .checksum(let expected, let got):
            """
            The downloaded file is not the published one (checksum \(got.prefix(12))… instead of \(expected.prefix(12))…) and was removed. \
            Try again. If it fails again, the mirror or a proxy changes files.
            """
        case .notAModel(let reason):
            "The downloaded file is not a speech model and was removed: \(reason) Check MODEL_HUB_URL and the proxy settings."
        case .diskFull(let needed, let free):
            "The download needs \(Self.megabytes(needed)) MB, but the disk has only \(Self.megabytes(free)) MB free. Free some space, or choose a smaller model."
        case .cannotWrite(let path, let reason): "Cannot write to \(path): \(reason). Check its permissions."
        }
    }

    /// Rounds up, so that a need is never understated.
    private static func megabytes(_ bytes: Int64) -> Int64 { bytes / 1_000_000 + (bytes % 1_000_000 == 0 ? 0 : 1) }
}
