import Foundation
import Testing
import Transcripts

/// Tables, Markdown and word processor documents, as programs read them.
@Suite struct DocumentTests {
    private let transcript: Transcript = {
        var segments = [
            Segment(start: .zero, end: Timestamp(milliseconds: 1500), text: "=SUM(A1), \"quoted\""),
            Segment(start: Timestamp(milliseconds: 1600), end: Timestamp(milliseconds: 3000), text: "*Stars* & <tags>\tand\nlines"),
            Segment(start: Timestamp(milliseconds: 3_725_250), end: Timestamp(milliseconds: 3_727_000), text: "- well"),
        ]
        for index in segments.indices { segments[index].speaker = index < 2 ? "Speaker 1" : "@Bob, Jr." }
        return Transcript(language: Language(code: "en"), duration: Timestamp(milliseconds: 3_730_000), segments: segments)
    }()

    @Test("the table for programs has OpenAI's columns, and the speaker where there is one")
    func tabs() {
        let expected = """
            start\tend\ttext\tspeaker
            0\t1500\t=SUM(A1), "quoted"\tSpeaker 1
            1600\t3000\t*Stars* & <tags> and lines\tSpeaker 1
            3725250\t3727000\t- well\t@Bob, Jr.

            """
        #expect(text(.tsv) == expected)
    }

    @Test("no cell of the spreadsheet is a formula, and a CSV reader gets the text back")
    func commas() async throws {
        let rows = try await python(
            """
            import csv, sys
            for row in csv.reader(open(sys.argv[1], encoding="utf-8-sig", newline="")): print("|".join(row))
            """,
            TranscriptFormat.csv.data(of: transcript)
        )
        #expect(
            rows == [
                "start|end|speaker|text", "0.000|1.500|Speaker 1|'=SUM(A1), \"quoted\"",
                "1.600|3.000|Speaker 1|*Stars* & <tags> and lines", "3725.250|3727.000|'@Bob, Jr.|'- well",
            ]
        )
        #expect(text(.csv).hasPrefix("\u{FEFF}start,end,speaker,text\r\n"))
    }

    @Test("Markdown has a title, and paragraphs with speaker and time whose text is no markup")
    func markdown() {
        let expected = ##"""
            # Talk \#1

            **Speaker 1** `0:00` =SUM(A1), "quoted" \*Stars\* \& \<tags\> and lines

            **@Bob, Jr.** `1:02:05` - well

            """##
        #expect(String(decoding: TranscriptFormat.md.data(of: transcript, title: "Talk #1"), as: UTF8.self) == expected)
    }

    @Test("plain text and lyrics name a speaker where another one begins")
    func speakers() {
        #expect(text(.txt) == "Speaker 1: =SUM(A1), \"quoted\"\n*Stars* & <tags> and lines\n@Bob, Jr.: - well\n")
        #expect(text(.lrc).hasSuffix("[00:01.60]*Stars* & <tags> and lines\n[62:05.25]@Bob, Jr.: - well\n"))
    }

    @Test("subtitles name speakers in each format's own way")
    func voices() {
        #expect(text(.srt).contains("\nSpeaker 1: =SUM"))
        #expect(text(.vtt).contains("\n<v @Bob, Jr.>- well\n"))
        #expect(text(.ass).contains(",Default,@Bob  Jr.,0,0,0,,- well\n"))
    }

    @Test("the times of words stand in WebVTT and in lyrics")
    func wordTimes() {
        var timed = transcript
        timed.segments = [Segment(start: .zero, end: Timestamp(milliseconds: 2000), text: "One two <three>.")]
        timed.segments[0].words = [("One", 0, 500), ("two", 600, 900), ("<three>.", 1000, 2000)].map {
            Word(start: Timestamp(milliseconds: $1), end: Timestamp(milliseconds: $2), text: $0, probability: 1)
        }
        let webVTT = String(decoding: TranscriptFormat.vtt.data(of: timed), as: UTF8.self)
        #expect(webVTT.hasSuffix("\nOne <00:00:00.600>two <00:00:01.000>&lt;three&gt;.\n"))
        let lyrics = String(decoding: TranscriptFormat.lrc.data(of: timed), as: UTF8.self)
        #expect(lyrics.hasSuffix("\n[00:00.00]<00:00.00>One <00:00.60>two <00:01.00><three>.\n"))
    }

    @Test("a word processor's document is a sound archive of sound XML, with title, speakers, times and text")
    func document() async throws {
        let lines = try await read(TranscriptFormat.docx.data(of: transcript, title: "A & B"))
        #expect(
            lines == [
                "[Content_Types].xml _rels/.rels docProps/core.xml word/_rels/document.xml.rels word/styles.xml word/document.xml",
                "Title|ltr|val=en|A & B",
                "BodyText|ltr|val=en|Speaker 1 0:00 =SUM(A1), \"quoted\" *Stars* & <tags> and lines",
                "BodyText|ltr|val=en|@Bob, Jr. 1:02:05 - well",
            ]
        )
    }

    @Test(
        "a document says which way its script runs, and what to check its spelling in",
        arguments: [
            ("ar", "rtl|bidi=ar"), ("he", "rtl|bidi=he"), ("zh", "ltr|eastAsia=zh-CN"), ("ja", "ltr|eastAsia=ja-JP"), ("de", "ltr|val=de"),
        ]
    )
    func scripts(code: String, marks: String) async throws {
        let segment = Segment(start: .zero, end: Timestamp(milliseconds: 900), text: "…")
        let transcript = Transcript(language: Language(code: code), duration: .zero, segments: [segment])
        let lines = try await read(TranscriptFormat.docx.data(of: transcript))
        #expect(lines.last == "BodyText|\(marks)|0:00 …")
    }

    @Test("the same transcript makes the same bytes")
    func bytes() {
        #expect(TranscriptFormat.docx.data(of: transcript) == TranscriptFormat.docx.data(of: transcript))
    }

    /// The names in the archive, and the paragraphs: style, direction, language, text.
    private func read(_ data: Data) async throws -> [String] {
        try await python(
            """
            import sys, zipfile, xml.etree.ElementTree as E
            w = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
            z = zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None
            print(*z.namelist())
            parts = {n: E.fromstring(z.read(n)) for n in z.namelist()}
            styles = {s.get(w + "styleId") for s in parts["word/styles.xml"].iter(w + "style")}
            for r in parts["word/document.xml"].iter(w + "rStyle"): assert r.get(w + "val") in styles
            for p in parts["word/document.xml"].iter(w + "p"):
                style = p.find(w + "pPr/" + w + "pStyle").get(w + "val"); assert style in styles
                lang = p.find(w + "r/" + w + "rPr/" + w + "lang").attrib
                print(style, "ltr" if p.find(w + "pPr/" + w + "bidi") is None else "rtl",
                      *(k.replace(w, "") + "=" + v for k, v in lang.items()), "".join(t.text for t in p.iter(w + "t")), sep="|")
            """,
            data
        )
    }

    private func text(_ format: TranscriptFormat) -> String { String(decoding: format.data(of: transcript), as: UTF8.self) }
}
