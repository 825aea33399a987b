/// Checks a condition repeatedly, up to the limit, until it holds; an error means "not yet".
///
/// The limit allows for a machine that is busy with everything else; a condition that holds ends the wait at once.
/// Throws the condition's last error, or ``NotInTime``.
package func eventually(
    within limit: Duration = .seconds(60),
    _ condition: () async throws -> Bool,
    isolation: isolated (any Actor)? = #isolation,
    fileID: String = #fileID,
    line: Int = #line
) async throws {
    let deadline = ContinuousClock.now + limit
    while true {
        var failure: any Error = NotInTime(limit: limit, place: "\(fileID):\(line)")
        do {
            if try await condition() { return }
        } catch {
            failure = error
        }
        guard ContinuousClock.now < deadline else { throw failure }
        try await Task.sleep(for: .milliseconds(10))
    }
}

/// Something that a test waited for did not happen in time.
package struct NotInTime: Error, CustomStringConvertible {
    let limit: Duration
    let place: String

    package var description: String { "Not true within \(limit), asked at \(place)." }
}
