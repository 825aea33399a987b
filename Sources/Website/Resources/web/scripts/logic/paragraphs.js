/**
 * Whether a paragraph ends before the next segment, by the rule of `Transcripts/Formats/Paragraph.swift`.
 * @param {{ end: number, length: number, lastCharacter: string, speaker?: string }} paragraph End in seconds, length in characters.
 * @param {{ start: number, speaker?: string | null }} next
 */
export function endsBefore(paragraph, next) {
  if ((paragraph.speaker ?? "") !== (next.speaker ?? "")) return true
  if (next.start - paragraph.end >= 1.5 || paragraph.length >= 900) return true
  return paragraph.length >= 380 && ".?!…。？！؟।".includes(paragraph.lastCharacter)
}

/**
 * Whether a language puts a space between its sentences.
 * @param {string | undefined} language A code such as `en`.
 */
export function joinsWithSpace(language) {
  return !["ja", "zh", "yue", "th", "lo", "my", "km", "bo"].includes(language ?? "")
}
