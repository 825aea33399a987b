import Foundation
import Hummingbird
import Logging
import NIOCore

/// What every request of the API carries along.
struct APIContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The client's connection.
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }

    /// JSON as people like to read it: plain slashes, and keys always in the same order.
    var responseEncoder: JSONEncoder { .api }
}

extension JSONEncoder {
    /// The one encoder of answers and events.
    static var api: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
        return encoder
    }
}
