import Testing
import Transcripts

@Suite struct TextDifferenceTests {
    @Test(
        "what was removed and what was added stand where they belong",
        arguments: [
            ("the quick fox", "the slow fox", "the [-quick-]{+slow+} fox"), ("a b", "a b", "a b"), ("a b", "a b c", "a b {+c+}"),
            ("a b c", "b c", "[-a-] b c"), ("", "new", "{+new+}"), ("old", "", "[-old-]"), ("", "", ""),
            ("one\ntwo  three", "one two\nthree", "one two\nthree"), ("你好世界", "你们好世界", "你{+们+}好世界"),
        ]
    )
    func marked(old: String, new: String, marked: String) {
        let difference = TextDifference(old: old, new: new)
        #expect(difference.markedText == marked)
        #expect(difference.isEmpty == !(marked.contains("[-") || marked.contains("{+")))
    }

    @Test("case and punctuation are compared, unless texts are compared as spoken")
    func asSpoken() {
        let (old, new) = ("Well, he said – no!", "well he said No")
        #expect(!TextDifference(old: old, new: new).isEmpty)
        let spoken = TextDifference(old: old, new: new, asSpoken: true)
        #expect(spoken.isEmpty)
        #expect(spoken.markedText == new)
    }

    @Test("both texts can be read out of their difference, and no smaller one exists", arguments: 0..<200)
    func random(seed: Int) {
        var random = SplitMix(state: UInt64(seed))
        let (old, new) = (words(&random), words(&random))
        let difference = TextDifference(old: old.joined(separator: " "), new: new.joined(separator: " "))
        #expect(difference.words { $0 != .added } == old)
        #expect(difference.words { $0 != .removed } == new)
        #expect(difference.oldWords == old.count)
        #expect(difference.newWords == new.count)
        // The standard library's own, which also finds the fewest changes.
        #expect(difference.words { $0 != .same }.count == new.difference(from: old).count)
    }

    @Test("thirty thousand words with some changes are compared")
    func long() {
        let old = (0..<30_000).map { "w\($0 % 977)" }
        var new = old
        new[10_000] = "x"
        new.insert("y", at: 20_000)
        let difference = TextDifference(old: old.joined(separator: " "), new: new.joined(separator: " "))
        #expect(difference.parts.map(\.change) == [.same, .removed, .added, .same, .added, .same])
    }

    private func words(_ random: inout SplitMix) -> [String] {
        (0..<Int.random(in: 0...60, using: &random)).map { _ in "\(Int.random(in: 0...5, using: &random))" }
    }
}

extension TextDifference {
    fileprivate func words(_ isWanted: (Change) -> Bool) -> [String] {
        parts.filter { isWanted($0.change) }.flatMap { $0.text.split(separator: " ").map(String.init) }
    }
}
