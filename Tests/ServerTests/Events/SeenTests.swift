import Testing

@testable import Server

struct SeenTests {
    @Test("the id of the last event restores what a client has received")
    func roundTrip() {
        var seen = TranscriptionEvents.Seen()
        seen.segments = 12
        seen.status = "abc"
        #expect(TranscriptionEvents.Seen(lastEventID: seen.description) == seen)
        seen.end = true
        #expect(TranscriptionEvents.Seen(lastEventID: seen.description) == seen)
    }

    @Test(
        "any other id means that nothing was received",
        arguments: [nil, "", "12", "-1-a", "x-y", "1-2-3-4", "99999999999999999999-a"]
    )
    func foreign(id: String?) {
        #expect(TranscriptionEvents.Seen(lastEventID: id) == TranscriptionEvents.Seen())
    }
}
