import Foundation
import Postgres
import TestSupport
import Testing
import Transcripts

@testable import Archive

@Suite("Edited versions", .archiveDatabase)
struct RevisionTests {
    /// A completed recording that says "one two".
    private func completed(_ test: TestArchive) async throws -> UUID {
        let id = try await test.prepare(blocks: 1)
        try await test.hear("one", "two")
        try await test.archive.queue.finish(test.take(.finish))
        return id
    }

    private func change(to texts: String..., from revision: Int) -> TranscriptionChange {
        var change = TranscriptionChange()
        change.text = TranscriptionChange.Text(
            segments: texts.enumerated().map { index, text in
                EditedSegment(
                    start: Timestamp(milliseconds: index * 1000),
                    end: Timestamp(milliseconds: (index + 1) * 1000),
                    text: text
                )
            },
            editedFrom: revision
        )
        return change
    }

    private func texts(_ test: TestArchive, _ id: UUID, revision: Int? = nil) async throws -> [String] {
        try await test.archive.texts.segments(of: id, revision: revision).map(\.segment.text)
    }

    @Test("an edited text counts, and the machine's is kept as it was")
    func edit() async throws {
        let test = try TestArchive()
        let id = try await completed(test)
        let original = try await test.archive.texts.segments(of: id)
        #expect(try await test.archive.texts.edit(id, change(to: "ONE", "two", "three", from: 0)).transcription.revision == 1)
        #expect(try await texts(test, id) == ["ONE", "two", "three"])
        #expect(try await test.archive.texts.segments(of: id).map(\.ordinal) == [0, 1, 2])
        #expect(try await test.archive.texts.segments(of: id)[1].segment.averageLogProbability == -0.25)
        #expect(try await test.archive.texts.segments(of: id, revision: 0) == original)
        #expect(try await test.archive.library.textBeginnings(of: [test.current(id)])[id]?.text == "ONE two three")
        #expect(try await test.archive.texts.length(of: id) == 3)
        #expect(try await test.archive.texts.edit(id, change(from: 1)).transcription.revision == 2)
        #expect(try await texts(test, id).isEmpty)
        #expect(try await texts(test, id, revision: 1) == ["ONE", "two", "three"])
        #expect(try await test.archive.texts.revisions(of: id).map(\.segments) == [2, 3, 0])
    }

    @Test("what an edit returns is what is read afterwards, words included")
    func returned() async throws {
        let test = try TestArchive()
        let id = try await test.prepare(blocks: 1)
        let job = try await test.take(.block)
        var segment = Segment(start: Timestamp(milliseconds: 0), end: Timestamp(milliseconds: 1000), text: "one two")
        segment.words = ["one", "two"].enumerated().map { index, text in
            Word(
                start: Timestamp(milliseconds: index * 500),
                end: Timestamp(milliseconds: index * 500 + 500),
                text: text,
                probability: 1 / 3
            )
        }
        segment.wordTiming = .attention
        try await test.archive.blocks.complete(
            job,
            segments: [segment],
            removed: [],
            language: DetectedLanguage(code: "en"),
            processing: .milliseconds(10)
        )
        try await test.archive.queue.finish(test.take(.finish))
        let segments = try #require(try await test.archive.texts.edit(id, change(to: "One two", "three", from: 0)).segments)
        #expect(segments.first?.segment.words?.first?.probability == 0.3333)
        #expect(try await segments == test.archive.texts.segments(of: id))
        var name = TranscriptionChange()
        name.name = "New"
        #expect(try await test.archive.texts.edit(id, name).segments == nil)
    }

    @Test("a large edited text is found by search at once, and is in the indexes afterwards; texts that no longer count are not")
    func indexing() async throws {
        let test = try TestArchive()
        let id = try await completed(test)
        // More than the newest segments, which are searched without an index.
        let texts = (0..<9000).map { $0 == 0 ? "a rare zymurgy" : "sentence number \($0)" }
        var change = TranscriptionChange()
        change.text = TranscriptionChange.Text(
            segments: texts.enumerated().map { index, text in
                EditedSegment(start: Timestamp(milliseconds: index), end: Timestamp(milliseconds: index + 1), text: text)
            },
            editedFrom: 0
        )
        _ = try await test.archive.texts.edit(id, change)
        #expect(try await test.archive.texts.length(of: id) == 9000)
        for query in ["zymurgy", "zymurg", "zymurgi"] {
            #expect(try await test.search(query).hits.map(\.ordinal) == [0], "\(query)")
        }
        change.text?.editedFrom = 1
        _ = try await test.archive.texts.edit(id, change)
        func indexed(_ revision: Int) async throws -> Int? {
            try await test.database.row("SELECT count(*) FROM segments WHERE revision = \(revision) AND is_indexed", as: Int.self)
        }
        #expect(try await indexed(2) == 0)
        try await SearchIndexing(database: test.database).catchUp()
        #expect(try await indexed(1) == 0)
        #expect(try await indexed(2) == 9000)
        for query in ["zymurgy", "zymurg", "zymurgi"] {
            #expect(try await test.search(query).hits.map(\.ordinal) == [0], "\(query)")
        }
        // A text that is made current again is added, too.
        _ = try await test.archive.texts.restoreRevision(1, of: id)
        try await SearchIndexing(database: test.database).catchUp()
        #expect(try await indexed(1) == 9000)
        #expect(try await test.database.row("SELECT has_unindexed FROM transcriptions WHERE id = \(id)", as: Bool.self) == false)
    }

    @Test("whoever edits a text that was changed meanwhile is told so, and of many at once one comes through")
    func conflict() async throws {
        let test = try TestArchive()
        let id = try await completed(test)
        let outcomes = await withTaskGroup(of: Result<Transcription, any Error>.self) { group in
            for index in 0..<6 {
                let change = change(to: "by \(index)", from: 0)
                group.addTask {
                    do { return .success(try await test.archive.texts.edit(id, change).transcription) } catch { return .failure(error) }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.compactMap { try? $0.get().revision } == [1])
        let errors = outcomes.compactMap { outcome in
            if case .failure(let error) = outcome { error as? ArchiveError } else { nil }
        }
        #expect(errors == Array(repeating: .revisionConflict(current: 1), count: 5))
    }

    @Test("an old version counts again, and the next edit is still a new one")
    func restore() async throws {
        let test = try TestArchive()
        let id = try await completed(test)
        _ = try await test.archive.texts.edit(id, change(to: "first", from: 0))
        _ = try await test.archive.texts.edit(id, change(to: "second", from: 1))
        #expect(try await test.archive.texts.restoreRevision(0, of: id).revision == 0)
        #expect(try await texts(test, id) == ["one", "two"])
        #expect(try await test.archive.texts.edit(id, change(to: "third", from: 0)).transcription.revision == 3)
        #expect(try await test.archive.texts.revisions(of: id).map(\.madeFrom) == [nil, 0, 1, 0])
        #expect(try await texts(test, id, revision: 2) == ["second"])
        await #expect(throws: ArchiveError.revisionNotFound(4)) { try await test.archive.texts.restoreRevision(4, of: id) }
        await #expect(throws: ArchiveError.revisionNotFound(9)) { try await test.archive.texts.segments(of: id, revision: 9) }
    }

    @Test("while the machine is at it the text can't be edited, but it can get a name and tags")
    func unfinished() async throws {
        let test = try TestArchive()
        let id = try await test.prepare()
        try await test.hear("one")
        await #expect(throws: ArchiveError.notPossible(.processing)) { try await test.archive.texts.edit(id, change(to: "two", from: 0)) }
        var names = TranscriptionChange()
        names.name = "Interview"
        names.tags = ["a \"b\"", "{c,d}", ""]
        let named = try await test.archive.texts.edit(id, names).transcription
        #expect(named.shownName == "Interview")
        #expect(named.tags == ["a \"b\"", "{c,d}", ""])
        names = TranscriptionChange()
        names.name = ""
        #expect(try await test.archive.texts.edit(id, names).transcription.shownName == "talk.wav")
        #expect(try await test.current(id).tags.count == 3)
    }

    @Test("what works on the machine's text is refused while an edited one counts, and goes on where that was restored")
    func machineText() async throws {
        let test = try TestArchive()
        let id = try await test.prepare(blocks: 2)
        try await test.hear("one", removed: [RemovedSegment(Segment(from: 500, to: 900, "Thanks!"), reason: .phantomPhrase)])
        _ = try await test.archive.library.cancel(id)
        _ = try await test.archive.texts.edit(id, change(to: "ONE", from: 0))
        await #expect(throws: ArchiveError.edited(revision: 1)) { try await test.archive.library.retry(id) }
        _ = try await test.archive.texts.restoreRevision(0, of: id)
        #expect(try await test.archive.library.retry(id).state == .pending)
        let job = try await test.take(.prepare)
        _ = try await test.archive.queue.begin(job)
        let length = Timestamp(milliseconds: 40_000)
        try await test.archive.blocks.append([], preparedUntil: .zero, spooledUntil: length, to: job)
        try await test.archive.blocks.prepared(job, until: length, duration: length)
        try await test.hear("two")
        #expect(try await texts(test, id) == ["one", "two"])
        #expect(try await texts(test, id, revision: 1) == ["ONE"])
        try await test.archive.queue.finish(test.take(.finish))

        let removal = try #require(try await test.archive.texts.removals(of: id).first)
        _ = try await test.archive.texts.edit(id, change(to: "ONE TWO", from: 0))
        await #expect(throws: ArchiveError.edited(revision: 2)) {
            try await test.archive.texts.restoreRemoval(block: removal.block, place: removal.place, of: id)
        }
        _ = try await test.archive.texts.restoreRevision(0, of: id)
        #expect(try await test.archive.texts.restoreRemoval(block: removal.block, place: removal.place, of: id))
        #expect(try await texts(test, id) == ["one", "Thanks!", "two"])
        #expect(try await texts(test, id, revision: 2) == ["ONE TWO"])
    }

    @Test("a stretch that is transcribed again replaces what was there, in whatever the text is by then")
    func range() async throws {
        let test = try TestArchive()
        let id = try await completed(test)
        var options = TranscriptionOptions()
        options.start = Timestamp(milliseconds: 900)
        options.end = Timestamp(milliseconds: 2000)
        let request = TranscriptionRequest(model: "demo", options: options)
        let range = try await test.archive.recordings.transcribeRange(of: id, channels: 1, request: request)
        #expect(range.rangeOf == id)
        #expect(range.audioFile.id == (try await test.current(id)).audioFile.id)
        _ = try await test.archive.texts.edit(id, change(to: "ONE", "TWO", from: 0))
        let job = try await test.take(.prepare)
        _ = try await test.archive.queue.begin(job)
        let end = Timestamp(milliseconds: 2000)
        try await test.archive.blocks.append([StoredBlock(from: 900, to: 2000)], preparedUntil: end, spooledUntil: end, to: job)
        try await test.archive.blocks.prepared(job, until: end, duration: end)
        try await test.hear("deux")
        #expect(try await texts(test, id) == ["ONE", "TWO"])
        try await test.archive.queue.finish(test.take(.finish))
        #expect(try await texts(test, id) == ["ONE", "deux"])
        #expect(try await test.current(id).revision == 2)
        #expect(try await texts(test, range.id) == ["deux"])
        #expect(try await texts(test, id, revision: 0) == ["one", "two"])
    }

    @Test("the transcription of a stretch outlives what it was meant for, and only what is complete has stretches")
    func orphanedRange() async throws {
        let test = try TestArchive()
        let id = try await completed(test)
        let range = try await test.archive.recordings.transcribeRange(of: id, channels: 1, request: TranscriptionRequest(model: "demo"))
        #expect(try await test.archive.library.delete(id))
        let job = try await test.take(.prepare)
        _ = try await test.archive.queue.begin(job)
        try await test.archive.blocks.prepared(job, until: .zero, duration: .zero)
        try await test.archive.queue.finish(test.take(.finish))
        #expect(try await test.current(range.id).state == .completed)
        #expect(try await test.current(range.id).rangeOf == nil)
        let unfinished = try await test.accept().id
        await #expect(throws: ArchiveError.notPossible(.pending)) {
            try await test.archive.recordings.transcribeRange(of: unfinished, channels: 1, request: TranscriptionRequest(model: "demo"))
        }
    }
}
