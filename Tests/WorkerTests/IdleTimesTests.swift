import Testing

@testable import Worker

struct IdleTimesTests {
    @Test("times are read for all models and for some")
    func list() throws {
        let times = try #require(IdleTimes(text: "900, Large-v3=60 base=never,tiny=0"))
        #expect(times.time(of: "medium") == .seconds(900))
        #expect(times.time(of: "large-v3") == .seconds(60))
        #expect(times.time(of: "base") == nil)
        #expect(times.time(of: "tiny") == .zero)
    }

    @Test("a list of exceptions leaves the usual time to the others, and “never” may hold for all")
    func exceptions() throws {
        #expect(try #require(IdleTimes(text: "base=5")).time(of: "tiny") == .seconds(900))
        #expect(try #require(IdleTimes(text: "never")).time(of: "tiny") == nil)
    }

    @Test("what is no list of times is refused", arguments: ["soon", "-1", "base=", "=5", "base=5=6", "1.5", "99999999999999999999"])
    func refused(text: String) {
        #expect(IdleTimes(text: text) == nil)
    }
}
