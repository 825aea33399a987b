/// Tables with a row for each segment and a header that names the columns.
enum Table {
    /// Columns `start`, `end` (whole milliseconds), `text`, as OpenAI's own program writes them, and `speaker` where there is one.
    static func tabs(of transcript: Transcript) -> String {
        let segments = transcript.writtenSegments
        let hasSpeakers = segments.contains { $0.speaker != nil }
        let rows = segments.map { segment in
            ["\(segment.start.milliseconds)", "\(segment.end.milliseconds)", segment.text]
                + (hasSpeakers ? [(segment.speaker ?? "").inOneLine] : [])
        }
        let header = ["start", "end", "text"] + (hasSpeakers ? ["speaker"] : [])
        return ([header] + rows).map { $0.joined(separator: "\t") + "\n" }.joined()
    }

    /// Columns `start`, `end` (seconds with three decimals), `speaker`, `text`, by RFC 4180: lines end with CR LF.
    ///
    /// The byte order mark at the beginning makes Excel read UTF-8.
    static func commas(of transcript: Transcript) -> String {
        let rows = transcript.writtenSegments.map { segment in
            [seconds(segment.start), seconds(segment.end), cell((segment.speaker ?? "").inOneLine), cell(segment.text)]
        }
        return "\u{FEFF}" + ([["start", "end", "speaker", "text"]] + rows).map { $0.joined(separator: ",") + "\r\n" }.joined()
    }

    /// A cell that no spreadsheet takes for a formula (OWASP, "CSV Injection"): an apostrophe before the signs that begin one.
    private static func cell(_ text: String) -> String {
        let isFormula = text.unicodeScalars.first.map { "=+-@＝＋－＠".unicodeScalars.contains($0) } ?? false
        let safe = isFormula ? "'" + text : text
        guard safe.unicodeScalars.contains(where: { "\",;".unicodeScalars.contains($0) }) else { return safe }
        return "\"\(safe.replacing("\"", with: "\"\""))\""
    }

    private static func seconds(_ time: Timestamp) -> String {
        let milliseconds = max(0, time.milliseconds)
        let fraction = String(1000 + milliseconds % 1000).dropFirst()
        return "\(milliseconds / 1000).\(fraction)"
    }
}
