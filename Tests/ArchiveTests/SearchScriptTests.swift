import Postgres
import TestSupport
import Testing
import Transcripts

@Suite(.archiveDatabase)
struct SearchScriptTests {
    @Test("the database splits the same scripts into characters as the search itself")
    func ranges() async throws {
        let split = try await TestArchive().database.read { session in
            try session.row(
                """
                SELECT string_agg(code::text, ',' ORDER BY code) FROM generate_series(1, 65535) code
                WHERE code NOT BETWEEN 55296 AND 57343 AND search_words('a' || chr(code) || 'b') <> 'a' || chr(code) || 'b'
                """,
                as: String.self
            )
        }
        let expected = (1...65_535).filter { Unicode.Scalar($0)?.isIn(ScriptRanges.searchedByCharacter) == true }
        #expect(split == expected.map(String.init).joined(separator: ","))
    }
}
