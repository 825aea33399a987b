import Foundation

extension URL {
    /// Whether its port, where it has one, is a port: the HTTP client ends the process for any other number.
    package var hasPossiblePort: Bool { port.map { (1...65_535).contains($0) } ?? true }
}
