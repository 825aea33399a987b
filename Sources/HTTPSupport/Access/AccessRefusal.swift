import HTTPTypes

/// A request that a server does not answer because of where it comes from or where it goes.
package enum AccessRefusal: Error, Sendable, Hashable {
    /// The client asked a host name that this server does not have.
    case unknownHost(String)
    /// A page of this other origin sent the request.
    case foreignOrigin(String)
    /// A page of another site made the browser send the request.
    case otherSite
    /// The path has an empty part: `//api/v1`.
    case emptyPathPart

    package var status: HTTPResponse.Status {
        switch self {
        case .unknownHost: .misdirectedRequest
        case .foreignOrigin, .otherSite: .forbidden
        case .emptyPathPart: .notFound
        }
    }

    /// A word for programs.
    package var code: String {
        switch self {
        case .unknownHost: "unknown_host"
        case .foreignOrigin, .otherSite: "cross_site_request"
        case .emptyPathPart: "not_found"
        }
    }

    /// What happened, in a few words.
    package var title: String {
        switch self {
        case .unknownHost: "Earshot has another name"
        case .foreignOrigin, .otherSite: "Another site sent this request"
        case .emptyPathPart: "Page not found"
        }
    }

    /// What that means and what to do.
    package var explanation: String {
        switch self {
        case .unknownHost(let name):
            "Earshot does not answer to the host name “\(name.prefix(253))”. If it is meant to, add the name to ALLOWED_HOSTS."
        case .foreignOrigin(let origin):
            "The page that sent this request is from “\(origin.prefix(253))”, which is not this server. Open Earshot and try again there. "
                + "To let the pages of that site use the API, add it to ALLOWED_ORIGINS; behind a proxy that uses TLS, name the proxy in "
                + "TRUSTED_PROXIES."
        case .otherSite:
            "Earshot answers its own pages and programs. Open Earshot and try again there. A site that may use the API is listed in "
                + "ALLOWED_ORIGINS, and its pages must send their requests with CORS."
        case .emptyPathPart:
            "An address has single slashes only: /api/v1, not //api/v1."
        }
    }
}
