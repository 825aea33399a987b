import Foundation
import Testing
import Transcripts

@Suite struct LanguageTests {
    @Test("there are Whisper's hundred languages, each code and name once")
    func hundred() {
        #expect(Language.all.count == 100)
        #expect(Set(Language.all.map(\.code)).count == 100)
        #expect(Set(Language.all.map(\.englishName)).count == 100)
        #expect(Language.all.allSatisfy { !$0.nativeName.isEmpty })
    }

    @Test(
        "a language is found by code, English name or tag",
        arguments: [
            ("en", "en"), ("EN", "en"), ("english", "en"), ("English", "en"), ("en-US", "en"), ("en_GB", "en"), (" de ", "de"),
            ("zh-Hant-TW", "zh"), ("mandarin", "zh"), ("Haitian Creole", "ht"), ("yue", "yue"), ("haw", "haw"), ("nb-NO", "no"),
        ]
    )
    func found(name: String, code: String) {
        #expect(Language(code: name)?.code == code)
    }

    @Test("what no model knows is no language", arguments: ["", "-", "xx", "eng lish", "klingon", "auto", "-en"])
    func unknown(name: String) {
        #expect(Language(code: name) == nil)
    }

    @Test("a language knows its own name and the direction of its script")
    func facts() throws {
        let arabic = try #require(Language(code: "ar"))
        #expect(arabic.nativeName == "العربية")
        #expect(arabic.isRightToLeft)
        #expect(Language(code: "de")?.nativeName == "Deutsch")
        #expect(Language(code: "de")?.isRightToLeft == false)
    }

    @Test("a language travels as its code")
    func coding() throws {
        let data = try JSONEncoder().encode(Language.all)
        #expect(try JSONDecoder().decode([Language].self, from: data) == Language.all)
        #expect(String(decoding: data, as: UTF8.self).hasPrefix(#"["en","zh","#))
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([Language].self, from: Data(#"["klingon"]"#.utf8)) }
    }
}
