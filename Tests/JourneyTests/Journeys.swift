import TestSupport
import Foundation
import SystemPackage
import Testing
import Transcripts

/// Whole ways through the built program, one after the other, on one that runs for all of them.
@Suite(.serialized, .sharedEarshot, .timeLimit(.minutes(10)))
struct Journeys {}

/// Expects that a text is the one that was said, up to a share of its words.
func expectText(
    _ text: String?,
    says truth: String,
    errorRate limit: Double = 0,
    _ sourceLocation: SourceLocation = #_sourceLocation
) {
    let rate = WordErrorRate(reference: truth, hypothesis: text ?? "")
    #expect(
        rate.rate <= limit,
        "\(rate.errors) of \(rate.words) words: \(text ?? "nothing") instead of \(truth)",
        sourceLocation: sourceLocation
    )
}

/// Expects that segments are numbered from 0, lie one after the other and make up the text: none lost, none twice.
func expectWhole(_ transcription: EarshotAPI.Transcription, _ sourceLocation: SourceLocation = #_sourceLocation) throws {
    let segments = try #require(transcription.segments, sourceLocation: sourceLocation)
    #expect(segments.map(\.id) == Array(segments.indices), sourceLocation: sourceLocation)
    for (one, next) in zip(segments, segments.dropFirst()) {
        #expect(one.start <= one.end, sourceLocation: sourceLocation)
        #expect(one.end <= next.start + 0.02, "\(one) overlaps \(next)", sourceLocation: sourceLocation)
    }
    #expect(transcription.text == segments.map(\.text).joined(separator: " "), sourceLocation: sourceLocation)
}
