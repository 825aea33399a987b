import Foundation
import SystemPackage
import TestSupport
import Testing
import Transcripts

/// Tests of the built program from end to end, one after the other, with one process for all of them.
@Suite(.serialized, .sharedEarshot, .timeLimit(.minutes(10)))
struct Journeys {}

/// Expects the spoken text, up to a share of wrong words.
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

/// Expects that segments are numbered from 0, follow one another and make up the text: none lost, none twice.
func expectWhole(_ transcription: EarshotAPI.Transcription, _ sourceLocation: SourceLocation = #_sourceLocation) throws {
    let segments = try #require(transcription.segments, sourceLocation: sourceLocation)
    #expect(segments.map(\.id) == Array(segments.indices), sourceLocation: sourceLocation)
    for (one, next) in zip(segments, segments.dropFirst()) {
        #expect(one.start <= one.end, sourceLocation: sourceLocation)
        #expect(one.end <= next.start + 0.02, "\(one) overlaps \(next)", sourceLocation: sourceLocation)
    }
    #expect(transcription.text == segments.map(\.text).joined(separator: " "), sourceLocation: sourceLocation)
}
