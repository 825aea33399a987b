import HTTPSupport
import HTTPTypes
import Hummingbird

/// A failure, in words for the person in front of the page.
struct Problem: Error, Sendable {
    var status: HTTPResponse.Status
    /// A word for programs, such as `backend_unreachable`.
    var code: String
    /// What happened, in a few words.
    var title: String
    /// What that means and what to do.
    var detail: String
}

extension Problem {
    static let notFound = Problem(
        status: .notFound,
        code: "not_found",
        title: "Page not found",
        detail: "The transcription was deleted, the page was moved, or the address is misspelled."
    )

    /// No connection to the API could be made.
    static func apiUnreachable(_ base: String) -> Problem {
        Problem(
            status: .badGateway,
            code: "backend_unreachable",
            title: "Earshot's API does not answer",
            detail: "The website is running, but the API, which stores and transcribes recordings, is not running at \(base). "
                + "Start it (./run, or the backend container) and try again. Uploaded recordings are not lost."
        )
    }

    /// The API closed the connection in the middle of an answer.
    static let apiBrokeOff = Problem(
        status: .badGateway,
        code: "backend_broke_off",
        title: "Earshot's API closed the connection",
        detail: "It stopped in the middle of its answer, perhaps because it was restarted. Try again in a moment."
    )

    /// The API sent no byte within the idle limit.
    static let apiTimedOut = Problem(
        status: .gatewayTimeout,
        code: "backend_timed_out",
        title: "Earshot's API did not answer in time",
        detail: "It received the request and has sent nothing since. It may be very busy: try again later."
    )

    /// The request came from a place, or went to a name, that this server does not answer.
    static func refused(_ refusal: AccessRefusal) -> Problem {
        Problem(status: refusal.status, code: refusal.code, title: refusal.title, detail: refusal.explanation)
    }

    /// Any other failure.
    static let unexpected = Problem(
        status: .internalServerError,
        code: "internal_error",
        title: "Something went wrong",
        detail: "The log of the website has the details. Trying again may help."
    )
}
