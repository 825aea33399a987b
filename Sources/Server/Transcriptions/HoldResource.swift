import Archive
import Foundation

/// A fault of the machine for which work waits.
struct HoldResource: Encodable, Sendable {
    let code: String
    let message: String
    let since: String

    init(_ hold: Hold) {
        code = hold.code
        message = hold.message
        since = hold.since.iso8601
    }
}
