import HTTPTypes
import Hummingbird

/// Something that went wrong, in words for the person in front of it.
struct Problem: Error, Sendable {
    /// The status that the answer carries.
    var status: HTTPResponse.Status
    /// A word for programs, such as `backend_unreachable`.
    var code: String
    /// What happened, in a few words.
    var title: String
    /// What that means and what to do.
    var detail: String
}

extension Problem {
    /// Nothing lies at the address.
    static let notFound = Problem(
        status: .notFound,
        code: "not_found",
        title: "There is nothing here",
        detail: "The page was moved, the recording was deleted, or the address has a slip in it."
    )

    /// The API can't be reached.
    static func backendUnreachable(_ base: String) -> Problem {
        Problem(
            status: .badGateway,
            code: "backend_unreachable",
            title: "Earshot's API does not answer",
            detail: "The pages are here, but the part that keeps recordings and transcribes them is not running at \(base). "
                + "Start it (./run, or the backend container) and try again. Nothing that was uploaded is lost."
        )
    }

    /// The API was reached and then fell silent or broke off.
    static let backendBrokeOff = Problem(
        status: .badGateway,
        code: "backend_broke_off",
        title: "Earshot's API broke off",
        detail: "It stopped in the middle of its answer, perhaps because it was restarted. Try again in a moment."
    )

    /// The API took longer than the idle limit without sending a byte.
    static let backendTimedOut = Problem(
        status: .gatewayTimeout,
        code: "backend_timed_out",
        title: "Earshot's API takes too long",
        detail: "It was given the request and has been silent since. It may be very busy: try again later."
    )

    /// The request came from a page of another site.
    static let crossSite = Problem(
        status: .forbidden,
        code: "cross_site_request",
        title: "Another site sent this request",
        detail: "Earshot takes changes only from its own pages and from programs. Open Earshot itself and try there."
    )

    /// A failure that nobody foresaw.
    static let unexpected = Problem(
        status: .internalServerError,
        code: "internal_error",
        title: "Something broke in here",
        detail: "The log of the web process has the details. Trying again may help."
    )
}
