import Archive
import Speech
import Synchronization
import Testing
import Transcripts

@testable import Worker

@Suite("Preparing a recording")
struct PreparationTests {
    @Test("blocks are stored together with the time from which reading would resume, once the language is decided")
    func language() async throws {
        let log = PreparationLog()
        var preparation = Preparation(log, finder: LanguageFinder(TranscriptionOptions(), isMultilingual: true))
        try await preparation.handle(.sound(start: 0, channels: [samples(24)]))
        try await preparation.handle(.block(block(0)))
        try await preparation.handle(.settled(time(24)))
        #expect(log.entries.isEmpty, "the language is not known yet")
        try await preparation.handle(.sound(start: time(24).sample, channels: [samples(24)]))
        try await preparation.handle(.block(block(1)))
        try await preparation.handle(.settled(time(48)))
        #expect(log.entries == ["listen 0", "language de", "2 blocks until 48000, spool 48000"])
        try await preparation.handle(.block(block(2)))
        try await preparation.handle(.settled(time(72)))
        try await preparation.finish(end: time(73))
        #expect(log.entries.dropFirst(3) == ["1 blocks until 72000, spool 48000", "0 blocks until 73000, spool all", "end 73000"])
    }

    @Test("a single block is stored at the end, without a language")
    func single() async throws {
        let log = PreparationLog()
        var preparation = Preparation(log, finder: LanguageFinder(TranscriptionOptions(), isMultilingual: true))
        try await preparation.handle(.block(block(0)))
        try await preparation.handle(.settled(time(24)))
        try await preparation.finish(end: time(25))
        #expect(log.entries == ["1 blocks until 25000, spool all", "end 25000"])
    }

    @Test("silence is stored every ten seconds")
    func silence() async throws {
        let log = PreparationLog()
        var preparation = Preparation(log, finder: LanguageFinder(TranscriptionOptions(), isMultilingual: true))
        for second in [4, 9, 12, 21, 23] { try await preparation.handle(.settled(time(second))) }
        #expect(log.entries == ["0 blocks until 12000, spool 0", "0 blocks until 23000, spool 0"])
    }

    @Test("every ten minutes another recording may go first")
    func givingWay() async throws {
        let log = PreparationLog(givesWay: true)
        var preparation = Preparation(log, finder: LanguageFinder(TranscriptionOptions(), isMultilingual: true), start: time(60))
        try await preparation.handle(.settled(time(650)))
        await #expect(throws: GaveWay.self) { try await preparation.handle(.settled(time(665))) }
        #expect(log.entries.last == "give way at 605000")
    }

    @Test("of a recording whose blocks are all stored, only the sound is needed")
    func again() async throws {
        let log = PreparationLog()
        let finder = LanguageFinder(TranscriptionOptions(), known: Language(code: "en"), isMultilingual: true)
        var preparation = Preparation(log, finder: finder, preparedUntil: time(30), isPrepared: true)
        try await preparation.handle(.sound(start: 0, channels: [samples(30)]))
        try await preparation.finish(end: time(31))
        #expect(log.entries == ["0 blocks until 30000, spool all", "end 31000"])
    }

    private func block(_ number: Int) -> Block { Block(start: time(24 * number).sample, samples: samples(24), speech: 20) }

    private func samples(_ seconds: Int) -> [Float] { [Float](repeating: 0, count: time(seconds).sample) }

    private func time(_ seconds: Int) -> Timestamp { Timestamp(milliseconds: seconds * 1000) }
}

/// Writes down what a preparation does; every block is German, or what a pool finds.
final class PreparationLog: PreparationServices {
    private let log = Mutex<(entries: [String], language: DetectedLanguage?)>(([], nil))
    private let givesWay: Bool
    private let pool: (any BlockRecognizing)?

    init(givesWay: Bool = false, pool: (any BlockRecognizing)? = nil) {
        self.givesWay = givesWay
        self.pool = pool
    }

    var entries: [String] { log.withLock(\.entries) }
    var language: DetectedLanguage? { log.withLock(\.language) }

    private func add(_ entry: String) { log.withLock { $0.entries.append(entry) } }

    func spool(_ channels: [[Float]], at start: Int) {}

    func store(_ blocks: [StoredBlock], preparedUntil: Timestamp, spooledUntil: Timestamp) {
        let spool = spooledUntil == .distantFuture ? "all" : "\(spooledUntil.milliseconds)"
        add("\(blocks.count) blocks until \(preparedUntil.milliseconds), spool \(spool)")
    }

    func store(_ language: DetectedLanguage) {
        add("language \(language.code)")
        log.withLock { $0.language = language }
    }

    func finish(end: Timestamp, damage: Damage?) { add("end \(end.milliseconds)" + (damage.map { ", \($0.message)" } ?? "")) }

    func languageProbabilities(of block: Block) async throws -> LanguageProbabilities {
        add("listen \(block.start)")
        return try await pool?.languageProbabilities(of: block, threads: 1) ?? LanguageProbabilities(values: ["de": 1], noSpeech: 0)
    }

    func giveWay(at position: Timestamp) -> Bool {
        add("give way at \(position.milliseconds)")
        return givesWay
    }
}
