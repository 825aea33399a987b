import Archive
import Hummingbird
import Transcripts

/// A transcript in the shapes of OpenAI's API.
struct OpenAIAnswer: Sendable {
    let form: OpenAIForm
    let transcript: Transcript

    /// The response in the requested format.
    func response(to request: Request, context: some RequestContext) throws -> Response {
        switch form.format {
        case .text: .text(transcript.text + "\n")
        case .srt: .text(subtitles(.srt))
        case .vtt: .text(subtitles(.vtt))
        case .json: try plain.response(from: request, context: context)
        case .verboseJSON: try verbose.response(from: request, context: context)
        case .diarizedJSON: try diarized.response(from: request, context: context)
        }
    }

    /// Subtitles with one caption per segment, as OpenAI makes them.
    private func subtitles(_ format: TranscriptFormat) -> String {
        String(decoding: format.data(of: transcript, captions: nil), as: UTF8.self)
    }

    private var plain: PlainTranscription {
        PlainTranscription(
            text: transcript.text,
            languages: form.model.namesLanguages ? transcript.spokenLanguages : nil,
            logprobs: form.wantsLogprobs ? transcript.logprobs : nil,
            usage: transcript.isTranslation ? nil : usage
        )
    }

    private var verbose: VerboseTranscription {
        VerboseTranscription(
            task: transcript.isTranslation ? "translate" : "transcribe",
            language: transcript.textLanguage?.englishName.lowercased() ?? "unknown",
            duration: transcript.duration.seconds,
            text: transcript.text,
            words: form.wantsWords ? transcript.segments.flatMap { $0.words ?? [] }.map { WhisperWord($0, withProbability: false) } : nil,
            segments: form.wantsSegments ? transcript.whisperSegments() : nil,
            usage: .duration(transcript.duration)
        )
    }

    private var diarized: DiarizedTranscription {
        DiarizedTranscription(
            duration: transcript.duration.seconds,
            text: transcript.text,
            segments: transcript.segments.enumerated().map { DiarizedSegment($1, id: $0, names: form.speakerNames) },
            usage: usage
        )
    }

    private var usage: OpenAIUsage {
        guard form.model.countsTokens else { return .duration(transcript.duration) }
        return OpenAIUsage(of: transcript.text, duration: transcript.duration, prompt: form.request.options.prompt)
    }
}

private struct PlainTranscription: ResponseEncodable {
    let text: String
    let languages: [LanguageCode]?
    let logprobs: [OpenAILogprob]?
    let usage: OpenAIUsage?
}

private struct VerboseTranscription: ResponseEncodable {
    let task: String
    let language: String
    let duration: Double
    let text: String
    let words: [WhisperWord]?
    let segments: [WhisperSegment]?
    let usage: OpenAIUsage
}

private struct DiarizedTranscription: ResponseEncodable {
    let task = "transcribe"
    let duration: Double
    let text: String
    let segments: [DiarizedSegment]
    let usage: OpenAIUsage
}

/// A segment with its speaker; times in seconds. In a stream it is an event.
struct DiarizedSegment: Encodable, Sendable {
    let type = "transcript.text.segment"
    let id: String
    let start: Double
    let end: Double
    let text: String
    let speaker: String

    /// - Parameter names: The client's names of the first speakers; the others are A, B and so on.
    init(_ segment: Segment, id: Int, names: [String]) {
        self.id = Self.id(id)
        start = segment.start.seconds
        end = segment.end.seconds
        text = segment.text
        // "Speaker 2" is the second channel. A recording with one channel has no speakers.
        let channel = segment.channelNumber ?? 0
        speaker = channel < names.count ? names[channel] : Self.letters(channel)
    }

    static func id(_ ordinal: Int) -> String { "seg_\(ordinal)" }

    /// A, B, … Z, AA, AB and so on.
    private static func letters(_ number: Int) -> String {
        let last = String(UnicodeScalar(UInt8(ascii: "A") + UInt8(number % 26)))
        return number < 26 ? last : letters(number / 26 - 1) + last
    }
}

/// A language that was spoken.
struct LanguageCode: Encodable, Sendable {
    let code: String
}

extension Transcript {
    /// The languages that were spoken, in the order of their appearance.
    var spokenLanguages: [LanguageCode] {
        var codes: [String] = []
        for case let language? in [language] + segments.map(\.language) where !codes.contains(language.code) { codes.append(language.code) }
        return codes.map(LanguageCode.init)
    }

    /// The tokens of the whole text; joined, they give the text.
    var logprobs: [OpenAILogprob] {
        segments.filter { !$0.text.isEmpty }.enumerated().flatMap { index, segment in
            OpenAILogprob.tokens(of: segment, text: (index == 0 ? "" : separator) + segment.text)
        }
    }
}
