import Foundation
import HTTPSupport
import Hummingbird
import Logging
import NIOCore

/// The context of every request to the API.
struct APIContext: ConnectedContext {
    var coreContext: CoreRequestContextStorage
    /// The client's connection.
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }

    var responseEncoder: JSONEncoder { .api }
}
