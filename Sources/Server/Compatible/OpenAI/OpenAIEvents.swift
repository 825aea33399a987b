import Archive
import Foundation
import HTTPSupport
import Transcripts

/// A transcript while it grows, as OpenAI streams it: `transcript.text.delta` for each segment, with `diarized_json` also
/// `transcript.text.segment`, and `transcript.text.done`, whose text is that of all deltas joined.
struct OpenAIEvents: EventSource {
    private let library: Library
    private let texts: TextStore
    private let id: UUID
    private let watch: ConnectionWatch
    private let form: OpenAIForm
    private var nextSegment = 0
    private var text = ""
    private var logprobs: [OpenAILogprob] = []
    private(set) var isOver = false

    private struct Delta: Encodable {
        let type = "transcript.text.delta"
        let delta: String
        let logprobs: [OpenAILogprob]?
        let segmentID: String?

        enum CodingKeys: String, CodingKey {
            case type, delta, logprobs
            case segmentID = "segment_id"
        }
    }

    private struct Done: Encodable {
        let type = "transcript.text.done"
        let text: String
        let languages: [SpokenLanguageCode]?
        let logprobs: [OpenAILogprob]?
        let usage: OpenAIUsage

        enum CodingKeys: CodingKey {
            case type, text, languages, logprobs, usage
        }
    }

    init(of awaited: AwaitedTranscription, form: OpenAIForm, library: Library, texts: TextStore) {
        (id, watch) = (awaited.id, awaited.watch)
        (self.form, self.library, self.texts) = (form, library, texts)
    }

    mutating func news() async throws -> [ServerSentEvent] {
        if watch.isGone { throw CancellationError() }
        if isOver { return [] }
        // The state is read before the segments: where it is final, they are all there.
        guard let transcription = try await library.find(id) else {
            return try end(with: ServerSentEvent(data: OpenAIError(APIError(ArchiveError.transcriptionNotFound(id)))))
        }
        var news: [ServerSentEvent] = []
        for stored in try await texts.segments(of: id, from: nextSegment) {
            nextSegment = stored.ordinal + 1
            news += try events(for: stored, separator: transcription.textLanguage?.wordSeparator ?? " ")
        }
        guard transcription.state.isFinal else { return news }
        if let error = APIError(endOf: transcription) { return try news + end(with: ServerSentEvent(data: OpenAIError(error))) }
        return try news + end(with: ServerSentEvent(data: done(transcription)))
    }

    private mutating func events(for stored: StoredSegment, separator: String) throws -> [ServerSentEvent] {
        var events: [ServerSentEvent] = []
        let isDiarized = form.format == .diarizedJSON
        if !stored.segment.text.isEmpty {
            let delta = (text.isEmpty ? "" : separator) + stored.segment.text
            let tokens = form.wantsLogprobs ? OpenAILogprob.tokens(of: stored.segment, text: delta) : nil
            text += delta
            logprobs += tokens ?? []
            let segmentID = isDiarized ? DiarizedSegment.id(stored.ordinal) : nil
            events.append(try ServerSentEvent(data: Delta(delta: delta, logprobs: tokens, segmentID: segmentID)))
        }
        if isDiarized {
            events.append(try ServerSentEvent(data: DiarizedSegment(stored.segment, id: stored.ordinal, names: form.speakerNames)))
        }
        return events
    }

    private func done(_ transcription: Transcription) -> Done {
        let transcript = transcription.transcript(with: [])
        return Done(
            text: text,
            languages: form.model.tellsLanguages ? transcript.heardLanguages : nil,
            logprobs: form.wantsLogprobs ? logprobs : nil,
            // This event knows no other way to count.
            usage: OpenAIUsage(of: text, duration: transcript.duration, prompt: form.request.options.prompt)
        )
    }

    private mutating func end(with event: ServerSentEvent) -> [ServerSentEvent] {
        isOver = true
        return [event]
    }
}
