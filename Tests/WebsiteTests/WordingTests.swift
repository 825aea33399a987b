import Testing

@testable import Website

struct WordingTests {
    @Test("a time that is no number reads as none", arguments: [-4, .nan, .infinity])
    func clock(seconds: Double) {
        #expect(Wording.clock(seconds) == "0:00")
    }

    @Test("a language is named in English, whether the API gives its code or its word", arguments: ["de", "German", "german"])
    func language(word: String) {
        #expect(Wording.language(word) == "German")
    }

    @Test("an unknown language is called by its code")
    func unknownLanguage() {
        #expect(Wording.language("tlh") == "tlh")
    }

    @Test(
        "a date is the same day in every zone that it is written in",
        arguments: ["2025-11-22T16:30:05Z", "2025-11-22T16:30:05.123456Z", "2025-11-22T16:30:05", "2025-11-22T17:30:05+01:00"]
    )
    func date(iso: String) {
        #expect(Wording.date(iso) == "22 Nov 2025, 16:30 UTC")
    }

    @Test("a text that is no date is shown unchanged")
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
