import Testing

@testable import Website

struct WordingTests {
    @Test(
        "a time reads as on a player",
        arguments: [
            (0, "0:00"), (9.9, "0:09"), (61, "1:01"), (3599.99, "59:59"), (3600, "1:00:00"), (36_061, "10:01:01"), (-4, "0:00"),
            (.nan, "0:00"), (.infinity, "0:00"),
        ]
            as [(Double, String)]
    )
    func clock(seconds: Double, text: String) {
        #expect(Wording.clock(seconds) == text)
    }

    @Test(
        "a size is rounded to what a person compares",
        arguments: [
            (0, "1 kB"), (999_999, "999 kB"), (1_000_000, "1 MB"), (147_951_465, "148 MB"), (1_624_555_275, "1.6 GB"),
            (3_095_033_483, "3.1 GB"),
        ]
            as [(Int64, String)]
    )
    func size(bytes: Int64, text: String) {
        #expect(Wording.size(bytes) == text)
    }

    @Test(
        "a date is the same day in every zone that it is written in",
        arguments: ["2025-11-22T16:30:05Z", "2025-11-22T16:30:05.123456Z", "2025-11-22T16:30:05", "2025-11-22T17:30:05+01:00"]
    )
    func date(iso: String) {
        #expect(Wording.date(iso) == "22 Nov 2025, 16:30 UTC")
    }

    @Test("what is no date is shown as it came")
    func noDate() {
        #expect(Wording.date("soon") == "soon")
        #expect(Wording.date(nil) == nil)
    }

    @Test(
        "a recording is called by its file's name without the ending",
        arguments: [
            ("Interview.mp3", "Interview"), ("a.b.wav", "a.b"), ("no ending", "no ending"), (".hidden", ".hidden"),
            ("", "Untitled recording"),
            ("Vol. 2 – the second", "Vol. 2 – the second"), ("録音.m4a", "録音"),
        ]
    )
    func title(fileName: String, title: String) {
        #expect(Wording.title(of: fileName) == title)
    }

    @Test(
        "progress never shows less than nothing or more than all",
        arguments: [(nil, 0), (-1, 0), (0.999, 99), (1, 100), (7, 100)] as [(Double?, Int)]
    )
    func percent(fraction: Double?, percent: Int) {
        #expect(Wording.percent(fraction) == percent)
    }
}
