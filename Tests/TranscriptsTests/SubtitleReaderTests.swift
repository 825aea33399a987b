import Foundation
import SystemPackage
import TestSupport
import Testing
import Transcripts

/// Subtitles as FFmpeg reads them: without complaint, and as they were written.
@Suite struct SubtitleReaderTests {
    private static let cases = [TranscriptFormat.srt, .vtt, .ass].flatMap { format in
        RandomTranscripts.Kind.allCases.map { (format, $0) }
    }

    @Test("every cue comes back with its times and its text", arguments: cases)
    func cues(format: TranscriptFormat, kind: RandomTranscripts.Kind) async throws {
        let transcript = plain(kind)
        let captions = transcript.captions(namesSpeakers: format == .srt)
        let cues = try await read(format.data(of: transcript), as: format)
        #expect(cues.count == captions.count)
        for (cue, caption) in zip(cues, captions) {
            // SubStation counts in hundredths of a second.
            let unit = format == .ass ? 10 : 1
            #expect(cue.start == caption.start.milliseconds / unit * unit)
            #expect(cue.end == caption.end.milliseconds / unit * unit)
            #expect(cue.text == caption.lineTexts.joined(separator: "\n"))
        }
    }

    @Test("every line of lyrics comes back with its time", arguments: [RandomTranscripts.Kind.ordinary, .timed, .eastAsian, .rightToLeft])
    func lyrics(kind: RandomTranscripts.Kind) async throws {
        let transcript = plain(kind)
        let cues = try await read(TranscriptFormat.lrc.data(of: transcript, title: "Talk [1]"), as: .lrc)
        #expect(cues.map(\.start) == transcript.segments.map { $0.start.milliseconds / 10 * 10 })
        for (cue, segment) in zip(cues, transcript.segments) {
            let text = cue.text.replacing(/<\d+:\d\d\.\d\d>/, with: "")
            #expect(text.split(whereSeparator: \.isWhitespace).joined(separator: " ") == segment.text)
        }
    }

    @Test("odd text, and several hours, are read without complaint", arguments: [TranscriptFormat.srt, .vtt, .ass, .lrc])
    func odd(format: TranscriptFormat) async throws {
        var random = RandomTranscripts(seed: 3)
        var transcript = random.transcript(.odd)
        transcript.segments = transcript.segments.map { $0.moved(by: Timestamp(milliseconds: 36_000_000)) }
        transcript.duration += Timestamp(milliseconds: 36_000_000)
        // FFmpeg takes `\N` for a line break and leaves out tags, so only times can be compared.
        let starts = try await subRip(format.data(of: transcript), as: format).matches(of: /\n([0-9:]+),\d+ -->/).map(\.output.1)
        #expect(starts.count == (format == .lrc ? transcript.segments.count : transcript.captions().count))
        #expect(starts.first.map(String.init) == transcript.segments[0].start.text().split(separator: ".").first.map(String.init))
    }

    @Test("Timed Text is sound XML whose paragraphs have the captions' times, texts, speakers and direction")
    func timedText() async throws {
        var random = RandomTranscripts(seed: 4)
        var transcript = random.transcript(.crowd)
        transcript.segments[0].text = "Salt & <pepper> \u{0}\u{FFFE}]]>"
        transcript.segments[0].language = Language(code: "ar")
        let paragraphs = try await python(
            """
            import sys, xml.etree.ElementTree as E
            n = "{http://www.w3.org/ns/ttml}"; m = "{http://www.w3.org/ns/ttml#metadata}"; x = "{http://www.w3.org/XML/1998/namespace}"
            root = E.parse(sys.argv[1]).getroot()
            names = {a.get(x + "id"): a.findtext(m + "name") for a in root.iter(m + "agent")}
            for p in root.iter(n + "p"):
                lines = "".join(p.itertext()) if not len(p) else p.text + "".join("/" + b.tail for b in p)
                print(p.get("begin"), p.get("end"), names.get(p.get(m + "agent"), "-"), p.get(x + "lang") or root.get(x + "lang"),
                      p.get("{http://www.w3.org/ns/ttml#styling}direction") or "ltr", lines, sep="|")
            """,
            TranscriptFormat.ttml.data(of: transcript, title: "A & B")
        )
        let expected = transcript.captions().map { caption in
            let code = caption.language?.code ?? ""
            let lines = caption.lineTexts.map { $0.replacing(/[\u{0}\u{FFFE}]+/, with: "") }.joined(separator: "/")
            let direction = code == "ar" ? "rtl" : "ltr"
            return "\(caption.start)|\(caption.end)|\(caption.speaker ?? "-")|\(code)|\(direction)|\(lines)"
        }
        #expect(paragraphs == expected)
    }

    /// Captions whose text no subtitle format takes for markup.
    private func plain(_ kind: RandomTranscripts.Kind) -> Transcript {
        var random = RandomTranscripts(seed: 11)
        var transcript = random.transcript(kind)
        if kind == .odd {
            for index in transcript.segments.indices {
                // SubRip cannot write such text, and readers take out what is invisible.
                let words = transcript.segments[index].text.split(whereSeparator: \.isWhitespace).filter {
                    !["<b>", "-->", "{\\an8}", "&amp;", "\\N", "\u{200B}"].contains($0)
                }
                transcript.segments[index].text = words.joined(separator: " ")
            }
        }
        return transcript
    }

    private struct Cue {
        var start: Int
        var end: Int
        var text: String
    }

    /// The cues that FFmpeg finds.
    private func read(_ data: Data, as format: TranscriptFormat) async throws -> [Cue] {
        try await subRip(data, as: format).split(separator: "\n\n").map { block in
            let lines = block.split(separator: "\n").map(String.init)
            let times = try #require(lines.dropFirst().first).components(separatedBy: " --> ").map(milliseconds)
            return Cue(start: times[0], end: times[1], text: lines.dropFirst(2).joined(separator: "\n"))
        }
    }

    /// What FFmpeg's own SubRip writer makes of subtitles that its reader has read; it must have nothing to complain about.
    private func subRip(_ data: Data, as format: TranscriptFormat) async throws -> String {
        try await TemporaryFolder.with { folder in
            let file = folder.appending("talk.\(format.fileExtension)")
            try file.write(data)
            let arguments = ["-nostdin", "-v", "error", "-i", file.string, "-f", "srt", "-c:s", "text", "-"]
            let outcome = try await CommandLineProgram("ffmpeg", arguments).succeed()
            #expect(outcome.errorOutput.isEmpty)
            return outcome.output.replacing("\r\n", with: "\n")
        }
    }

    private func milliseconds(_ time: String) -> Int {
        let parts = time.split { ":,".contains($0) }.compactMap { Int($0) }
        return ((parts[0] * 60 + parts[1]) * 60 + parts[2]) * 1000 + parts[3]
    }
}

/// What a Python script prints about a file, line by line.
func python(_ script: String, _ data: Data) async throws -> [String] {
    try await TemporaryFolder.with { folder in
        let file = folder.appending("file")
        try file.write(data)
        let outcome = try await CommandLineProgram("python3", ["-c", script, file.string], environment: ["PYTHONUTF8": "1"]).succeed()
        return outcome.output.split(separator: "\n").map(String.init)
    }
}
