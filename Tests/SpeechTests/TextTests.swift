import Testing

@testable import Speech

@Suite("The engine's bytes become text")
struct TextTests {
    @Test("a character that is split between segments is not lost, whatever the split")
    func splitCharacters() {
        let text = "Müde 日本語 🎧 ñ"
        let bytes = Array(text.utf8)
        for cut in 0...bytes.count {
            for second in cut...bytes.count {
                var joined = SegmentText()
                let parts = [joined.append(bytes[..<cut]), joined.append(bytes[cut..<second]), joined.append(bytes[second...])]
                #expect(parts.joined() == text)
                #expect(!parts.contains { $0.contains("\u{FFFD}") })
            }
        }
    }

    @Test("bytes that are no text do not stop what comes after them")
    func invalid() {
        var joined = SegmentText()
        #expect(joined.append([0xFF, 0x41, 0x80]).contains("A"))
        #expect(joined.append([0x42]) == "B")
    }

    @Test(
        "text that was not said is left out",
        arguments: ["", "  ", "[BLANK_AUDIO]", " [ Silence ] ", "(music)", "*laughs*", "♪♪", "♪ la la ♪", "...", "[Music] ", "（音楽）"]
    )
    func unspoken(_ text: String) {
        #expect(SegmentText.spoken(text) == nil)
    }

    @Test("what was said stays", arguments: ["No.", "(yes) and (no)", "[A] or [B]", "5", "I said (quietly)", "*", "好"])
    func spoken(_ text: String) {
        #expect(SegmentText.spoken("  \(text)\n") == (text == "*" ? nil : text))
    }
}

@Suite("Counting processors")
struct ProcessorsTests {
    @Test("a container's quota counts in whole cores")
    func quota() {
        #expect(Processors.quota(in: "250000 100000\n") == 2)
        #expect(Processors.quota(in: "50000 100000") == 1)
        #expect(Processors.quota(in: "max 100000") == nil)
        #expect(Processors.quota(in: "-1 100000") == nil)
        #expect(Processors.quota(in: "") == nil)
    }

    @Test("a list of cores is counted")
    func list() {
        #expect(Processors.count(inList: "\t0-3,8") == 5)
        #expect(Processors.count(inList: "0") == 1)
        #expect(Processors.count(inList: "none") == nil)
    }

    @Test("there is at least one, and never more than eight are used")
    func available() {
        #expect(1...8 ~= Processors.available)
    }
}
