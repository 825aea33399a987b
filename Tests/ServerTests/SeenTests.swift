import Testing

@testable import Server

struct SeenTests {
    @Test("what a client has seen survives being its last event's id")
    func roundTrip() {
        var seen = TranscriptionEvents.Seen()
        seen.segments = 12
        seen.status = "abc"
        #expect(TranscriptionEvents.Seen(lastEventID: seen.description) == seen)
        seen.end = true
        #expect(TranscriptionEvents.Seen(lastEventID: seen.description) == seen)
    }

    @Test(
        "an id that is none of ours means nothing was seen",
        arguments: [nil, "", "12", "-1-a", "x-y", "1-2-3-4", "99999999999999999999-a"]
    )
    func foreign(id: String?) {
        #expect(TranscriptionEvents.Seen(lastEventID: id) == TranscriptionEvents.Seen())
    }
}
