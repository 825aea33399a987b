import Testing
import Transcripts

@testable import Website

struct LanguageTests {
    @Test("the website offers the languages that the models know, under the same codes and names")
    func languages() {
        let known = Dictionary(uniqueKeysWithValues: Language.all.map { ($0.code, [$0.englishName, $0.nativeName]) })
        let offered = SpokenLanguage.all.map { ($0.code, [$0.name, $0.ownName ?? $0.name]) }
        #expect(Dictionary(offered) { first, _ in first } == known)
        #expect(offered.count == Language.all.count)
    }

    @Test("the website joins sentences as the transcripts do")
    func separators() {
        for language in Language.all {
            #expect(SpokenLanguage.joinsWithoutSpace(language.code) == language.wordSeparator.isEmpty, "\(language.code)")
        }
    }

    @Test("a language is named in English, whether the API gives its code or its word", arguments: ["de", "German", "german"])
    func naming(word: String) {
        #expect(SpokenLanguage.name(of: word) == "German")
    }

    @Test("an unknown language is called by its code")
    func unknown() {
        #expect(SpokenLanguage.name(of: "tlh") == "tlh")
    }
}
