/// Advanced SubStation Alpha subtitles (v4+): times in hundredths of a second, speakers in the Name column, no styles but one.
enum SubStationAlpha {
    static func text(of captions: [Caption], title: String?) -> String {
        let events = captions.compactMap { caption -> String? in
            let lines = caption.lineTexts.map(\.inOneLine).filter { !$0.isEmpty }.map(escaped)
            guard !lines.isEmpty else { return nil }
            // A comma would end the column.
            let name = (caption.speaker ?? "").inOneLine.replacing(",", with: " ")
            return "Dialogue: 0,\(time(caption.start)),\(time(caption.end)),Default,\(name),0,0,0,,\(lines.joined(separator: "\\N"))\n"
        }
        return header(title: (title ?? "Transcript").inOneLine) + events.joined()
    }

    /// Sizes are for a picture of 1920 × 1080; wrap style 2 leaves the lines as they are.
    private static func header(title: String) -> String {
        """
        [Script Info]
        Title: \(title)
        ScriptType: v4.00+
        WrapStyle: 2
        ScaledBorderAndShadow: yes
        PlayResX: 1920
        PlayResY: 1080

        [V4+ Styles]
        Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, StrikeOut, \
        ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding
        Style: Default,Arial,64,&H00FFFFFF,&H000000FF,&H00000000,&H80000000,0,0,0,0,100,100,0,0,1,3,1,2,60,60,50,1

        [Events]
        Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text

        """
    }

    /// "0:01:02.34"
    private static func time(_ time: Timestamp) -> String {
        let hundredths = max(0, time.milliseconds) / 10
        let parts = [hundredths / 6000 % 60, hundredths / 100 % 60, hundredths % 100].map { $0 < 10 ? "0\($0)" : "\($0)" }
        return "\(hundredths / 360_000):\(parts[0]):\(parts[1]).\(parts[2])"
    }

    /// Nothing in the text may pass for a command: a backslash is cut off from what follows by a word joiner, as FFmpeg does it.
    private static func escaped(_ line: String) -> String {
        line.replacing("\\", with: "\\\u{2060}").replacing("{", with: "\\{").replacing("}", with: "\\}")
    }
}
