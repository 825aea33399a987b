/// The W3C's Timed Text Markup Language 2: a paragraph for each caption, with its language and the direction of its script.
///
/// Speakers are agents in the head (`ttm:agent`), as in section 14 of the specification.
enum TimedText {
    static func text(of captions: [Caption], language: Language?, title: String?) -> String {
        var speakers: [String] = []
        for case let speaker? in captions.map(\.speaker) where !speakers.contains(speaker) { speakers.append(speaker) }
        let agents = speakers.enumerated().map { index, speaker in
            """
                  <ttm:agent xml:id="speaker\(index + 1)" type="person"><ttm:name type="full">\(speaker.escapedForXML)</ttm:name></ttm:agent>

            """
        }
        let paragraphs = captions.compactMap { paragraph(of: $0, within: language, speakers: speakers) }
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <tt xmlns="http://www.w3.org/ns/ttml" xmlns:tts="http://www.w3.org/ns/ttml#styling" \
            xmlns:ttm="http://www.w3.org/ns/ttml#metadata" xml:lang="\(language?.code ?? "")">
              <head>
                <metadata>
                  <ttm:title>\((title ?? "Transcript").escapedForXML)</ttm:title>
            \(agents.joined())    </metadata>
                <styling>
                  <style xml:id="caption" tts:fontFamily="proportionalSansSerif" tts:color="white" tts:backgroundColor="black" \
            tts:textAlign="center"/>
                </styling>
                <layout>
                  <region xml:id="bottom" tts:origin="10% 10%" tts:extent="80% 80%" tts:displayAlign="after"/>
                </layout>
              </head>
              <body>
                <div style="caption" region="bottom">
            \(paragraphs.joined())    </div>
              </body>
            </tt>

            """
    }

    private static func paragraph(of caption: Caption, within language: Language?, speakers: [String]) -> String? {
        let lines = caption.lineTexts.map(\.inOneLine).filter { !$0.isEmpty }.map(\.escapedForXML)
        guard !lines.isEmpty else { return nil }
        var attributes = "begin=\"\(caption.start.text())\" end=\"\(caption.end.text())\""
        if let own = caption.language, own != language { attributes += " xml:lang=\"\(own.code)\"" }
        if caption.language?.isRightToLeft == true { attributes += " tts:direction=\"rtl\" tts:unicodeBidi=\"embed\"" }
        if let index = speakers.firstIndex(where: { $0 == caption.speaker }) { attributes += " ttm:agent=\"speaker\(index + 1)\"" }
        return "      <p \(attributes)>\(lines.joined(separator: "<br/>"))</p>\n"
    }
}
