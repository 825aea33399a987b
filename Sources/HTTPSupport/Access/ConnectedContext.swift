import Hummingbird
import NIOCore

/// The context of a request that knows the connection on which the request arrived.
package protocol ConnectedContext: RequestContext {
    /// The client's connection.
    var channel: any Channel { get }
}
