import Foundation
import Testing
import Transcripts

@Suite struct TimestampTests {
    @Test("seconds are rounded to the nearest millisecond")
    func rounding() {
        #expect(Timestamp(seconds: 1.2344).milliseconds == 1234)
        #expect(Timestamp(seconds: 1.2346).milliseconds == 1235)
        #expect(Timestamp(seconds: 0.1 + 0.2) == Timestamp(milliseconds: 300))
        #expect(Timestamp(milliseconds: 1389).seconds == 1.389)
    }

    @Test("what is no number of seconds becomes zero instead of a crash", arguments: [Double.nan, .infinity, -.infinity, 1e300])
    func notANumber(seconds: Double) {
        #expect(Timestamp(seconds: seconds) == .zero)
    }

    @Test(
        "captions show hours, minutes, seconds and milliseconds",
        arguments: [
            (0, "00:00:00.000"), (62_345, "00:01:02.345"), (3_600_000, "01:00:00.000"), (359_999_999, "99:59:59.999"),
            (360_000_007, "100:00:00.007"), (-5, "00:00:00.000"),
        ]
    )
    func captionText(milliseconds: Int, text: String) {
        #expect(Timestamp(milliseconds: milliseconds).text() == text)
    }

    @Test("hours can be left out until they are needed, and the separator be a comma")
    func captionVariants() {
        #expect(Timestamp(milliseconds: 62_345).text(hours: .whenNeeded) == "01:02.345")
        #expect(Timestamp(milliseconds: 3_662_345).text(hours: .whenNeeded) == "01:01:02.345")
        #expect(Timestamp(milliseconds: 62_345).text(separator: ",") == "00:01:02,345")
    }

    @Test("a player's clock shows no more than it needs", arguments: [(999, "0:00"), (123_000, "2:03"), (3_723_999, "1:02:03")])
    func clock(milliseconds: Int, text: String) {
        #expect(Timestamp(milliseconds: milliseconds).clockText == text)
    }

    @Test("a time travels as whole milliseconds")
    func coding() throws {
        let data = try JSONEncoder().encode([Timestamp(milliseconds: 1500)])
        #expect(String(decoding: data, as: UTF8.self) == "[1500]")
        #expect(try JSONDecoder().decode([Timestamp].self, from: data) == [Timestamp(milliseconds: 1500)])
    }

    @Test("sums and differences that no number holds stop at the nearest that one does")
    func ends() {
        let (first, last, step) = (Timestamp(milliseconds: .min), Timestamp(milliseconds: .max), Timestamp(milliseconds: 1))
        #expect(last + step == last)
        #expect(first - step == first)
        #expect(step - first == last)
        #expect(first + first == first)
        #expect(last - step + step == last)
    }

    @Test("times add, subtract and compare")
    func arithmetic() {
        let (one, two) = (Timestamp(milliseconds: 1000), Timestamp(milliseconds: 2000))
        #expect(one + one == two)
        #expect(two - one == one)
        #expect(one < two)
    }
}

@Suite("A place in a recording")
struct ClockTextTests {
    @Test(
        "is read from seconds, minutes and hours",
        arguments: [("95.5", 95_500), ("0", 0), ("1:35.5", 95_500), ("0:01:35", 95_000), ("90:00", 5_400_000), ("1:00:00,25", 3_600_250)]
    )
    func good(_ text: String, _ milliseconds: Int) {
        #expect(Timestamp(clockText: text)?.milliseconds == milliseconds)
    }

    @Test(
        "is nothing else",
        arguments: ["", ":", "soon", "-1", "1:60", "1:75:00", "1:2:3:4", "1:.5", "nan", "inf", "1e400", "3600000", "0x10", "1:-5"]
    )
    func bad(_ text: String) {
        #expect(Timestamp(clockText: text) == nil)
    }
}
