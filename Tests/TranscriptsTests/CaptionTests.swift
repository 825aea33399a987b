import Testing
import Transcripts

/// Single captions as a person would make them.
@Suite struct CaptionTests {
    @Test("a short sentence is one line, for as long as it is said")
    func short() {
        let captions = captions(("Good morning.", 0, 1500))
        #expect(captions.map(\.text) == ["Good morning."])
        #expect(captions.map { [$0.start.milliseconds, $0.end.milliseconds] } == [[0, 1500]])
    }

    @Test("a text of two lines is broken at its comma, not where the first line is full")
    func comma() {
        let captions = captions(("When the door was opened, nobody stood behind it.", 0, 4000))
        #expect(captions.map(\.text) == ["When the door was opened,\nnobody stood behind it."])
    }

    @Test("a long text is divided at the ends of its sentences")
    func sentences() {
        let text = "The music is here. Seven windows are open and the cat sleeps on the table. It has been raining since Monday morning."
        let texts = captions((text, 0, 9000)).map { $0.text.replacing("\n", with: " ") }
        #expect(
            texts == [
                "The music is here. Seven windows are open and the cat sleeps on the table.",
                "It has been raining since Monday morning.",
            ]
        )
    }

    @Test("no line ends with an article where another break is as good")
    func articles() {
        let text = captions(("Somebody has certainly been talking about a wonderful journey", 0, 5000)).first?.text
        #expect(text?.contains("a\n") == false)
        #expect(text?.split(separator: "\n").count == 2)
    }

    @Test("no line breaks at a no-break space, which stays, with and without the times of words", arguments: [false, true])
    func noBreak(hasWords: Bool) {
        let text = "From here it is about one hundred and\u{A0}twenty\u{202F}kilometres to the sea \u{A0} and back"
        var transcript = transcript((text, 0, 9000))
        if hasWords {
            let words = text.split(separator: " ").filter { $0 != "\u{A0}" }
            transcript.segments[0].words = words.enumerated().map { word(String($1), $0 * 500, $0 * 500 + 400) }
        }
        let captions = transcript.captions()
        let lines = captions.flatMap(\.lineTexts)
        #expect(lines.contains { $0.contains("and\u{A0}twenty\u{202F}kilometres") }, "\(lines)")
        #expect(lines.joined(separator: " ") == text.replacing(" \u{A0} ", with: " "))
        #expect(captions.last?.end.milliseconds ?? 0 > 8000 || hasWords)
    }

    @Test("no-break spaces stay in Chinese, and no line breaks there")
    func noBreakInChinese() {
        let text = "今天天气很好我们一起去公\u{A0}园散步然后在湖边的小餐厅里吃午饭"
        let lines = captions((text, 0, 9000), language: "zh").flatMap(\.lineTexts)
        #expect(lines.joined() == text)
        #expect(lines.contains { $0.contains("公\u{A0}园") })
    }

    @Test("a pause in the middle divides a text, where words have times")
    func pause() {
        var transcript = transcript(("One moment please", 0, 9000))
        transcript.segments[0].words = [("One", 0, 300), ("moment", 300, 900), ("please", 8000, 9000)].map(word)
        let captions = transcript.captions()
        #expect(captions.map(\.text) == ["One moment", "please"])
        #expect(captions.map(\.start.milliseconds) == [0, 8000])
        #expect(captions[0].end.milliseconds == 1000)
    }

    @Test("Chinese is broken by characters, sixteen a line, and no line begins with a closing sign")
    func chinese() {
        let text = "今天天气很好，我们一起去公园散步，然后在湖边的小餐厅里吃午饭，下午再回家休息。"
        let captions = captions((text, 0, 9000), language: "zh")
        #expect(captions.map { $0.text.replacing("\n", with: "") }.joined() == text)
        let lines = captions.flatMap(\.lineTexts)
        #expect(lines.count > 2)
        #expect(lines.allSatisfy { $0.count <= 16 && !"，。".contains($0.first ?? "，") })
    }

    @Test("two short sentences of one speaker are shown together, those of two speakers are not")
    func merging() {
        #expect(captions(("Yes.", 0, 400), ("No.", 500, 900)).map(\.text) == ["Yes. No."])
        var two = transcript(("Yes.", 0, 400), ("No.", 500, 900))
        (two.segments[0].speaker, two.segments[1].speaker) = ("Speaker 1", "Speaker 2")
        #expect(two.captions().map(\.text) == ["Yes.", "No."])
        #expect(two.captions().map(\.start.milliseconds) == [0, 1080])
        #expect(two.captions(namesSpeakers: true).map(\.text) == ["Speaker 1: Yes.", "Speaker 2: No."])
    }

    @Test("two words that are said for a minute do not stay for a minute")
    func longest() {
        #expect(captions(("Hello there.", 0, 60_000)).map(\.end.milliseconds) == [7000])
    }

    @Test("a line that is said for far too long is divided, in Thai too, whose words have no spaces")
    func slow() {
        let text = "ภาษาไทยไม่มีช่องว่างระหว่างคำดังนั้นการตัดบรรทัดจึงเป็นเรื่องยาก"
        let captions = captions((text, 0, 20_000), language: "th")
        #expect(captions.count >= 2)
        #expect(captions.map { $0.text.replacing("\n", with: "") }.joined() == text)
    }

    @Test("without rules there is a caption for each segment, in one line, with its own times")
    func noRules() {
        let transcript = transcript((String(repeating: "word ", count: 50), 0, 100), ("next", 50, 50))
        let captions = transcript.captions(nil)
        #expect(captions.map(\.lines.count) == [1, 1])
        #expect(captions.map { [$0.start.milliseconds, $0.end.milliseconds] } == [[0, 100], [50, 50]])
    }

    @Test("words that do not make up the text are no help, and do no harm")
    func strangeWords() {
        var transcript = transcript(("One two three", 0, 3000))
        transcript.segments[0].words = [("Something", 0, 300), ("else", 300, 900)].map(word)
        let captions = transcript.captions()
        #expect(captions.map(\.text) == ["One two three"])
        #expect(captions.flatMap { $0.lines.joined().compactMap(\.start) }.isEmpty)
    }

    private func transcript(_ segments: (String, Int, Int)..., language: String = "en") -> Transcript {
        make(segments, language: language)
    }

    private func captions(_ segments: (String, Int, Int)..., language: String = "en") -> [Caption] {
        make(segments, language: language).captions()
    }

    private func make(_ segments: [(String, Int, Int)], language: String) -> Transcript {
        let segments = segments.map { Segment(start: Timestamp(milliseconds: $1), end: Timestamp(milliseconds: $2), text: $0) }
        return Transcript(language: Language(code: language), duration: segments.last?.end ?? .zero, segments: segments)
    }

    private func word(_ text: String, _ start: Int, _ end: Int) -> Word {
        Word(start: Timestamp(milliseconds: start), end: Timestamp(milliseconds: end), text: text, probability: 1)
    }
}
