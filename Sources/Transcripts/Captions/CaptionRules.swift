/// The limits of captions: how much text is shown at once, and for how long.
///
/// The defaults are those of Netflix's Timed Text Style Guide, "General Requirements" and "English": 42 characters a line, 2 lines, 7 seconds
/// at most, 2 frames between captions, 17 characters a second (20 for adults today), 16 characters a line in Chinese and Korean. Its shortest
/// caption is 5/6 of a second; ours is a second, as the BBC's Subtitle Guidelines and most guides for the web have it.
///
/// Of conflicting rules, the earlier one in this list wins:
/// 1. No text is lost or duplicated, and the text of each speaker keeps its order.
/// 2. Captions follow one another without overlap, ``gap`` apart.
/// 3. At most ``lines`` lines, none wider than ``lineLength`` unless it is a single word.
/// 4. At most ``maximumDuration``, even during speech: a few words may last longer than that.
/// 5. At least ``minimumDuration``. If the next speech begins sooner, its caption begins late. A late caption may be shorter by as much as it
///    is late, but at least a fifth of a second long, so that captions catch up with fast speech.
/// 6. The times of the speech.
/// 7. ``readingSpeed``: a caption stays longer if a pause allows it, up to ``linger``; no text is cut if speech is too fast to be read.
package struct CaptionRules: Sendable, Hashable {
    /// How wide a line may be, in columns: a Latin letter is 1 wide, a Chinese character or an emoji 2.
    package var lineLength = 42
    /// How many characters a line may have if most are of full width, as in Chinese, Japanese and Korean.
    package var fullWidthLineLength = 16
    /// How many lines are shown at once.
    package var lines = 2
    /// The reading speed in columns a second.
    package var readingSpeed = 17.0
    /// The shortest time for which a caption is shown.
    package var minimumDuration = Timestamp(milliseconds: 1000)
    /// The longest time for which a caption is shown.
    package var maximumDuration = Timestamp(milliseconds: 7000)
    /// The time between two captions: two frames of 25 a second.
    package var gap = Timestamp(milliseconds: 80)
    /// How long a caption may stay after its speech; the BBC's guidelines allow 1.5 seconds.
    package var linger = Timestamp(milliseconds: 1500)

    package init() {}

    /// How wide a line of this text may be, in columns.
    package func lineLength(for text: String) -> Int {
        let wide = text.count { $0.isFullWidth }
        let letters = text.count { !$0.isWhitespace }
        return wide * 2 > letters ? min(lineLength, 2 * fullWidthLineLength) : lineLength
    }
}
