import Mustache
import Transcripts

/// What the page of a transcription shows.
struct TranscriptionView {
    /// A paragraph with its start.
    struct Passage {
        let start: Double
        let clock: String
        let speaker: String?
        let segments: [Piece]
    }

    struct Removal {
        let id: String
        /// The id of the transcription.
        let transcription: String
        let start: Double
        let clock: String
        let text: String
        let reason: String
    }

    /// A segment as the template reads it, without reflection: a long recording has thousands.
    struct Piece: MustacheParent {
        let segment: SegmentResource
        let number: Int
        let gap: String

        func child(named name: String) -> Any? {
            switch name {
            case "start": segment.start
            case "end": segment.end
            case "text": segment.text
            case "speaker": segment.speaker
            case "number": number
            case "gap": gap
            default: nil
            }
        }
    }

    let pageTitle: String
    let isLibrary = true
    let id: String
    let fileName: String?
    let status: String
    let isUnfinished: Bool
    let isRunning: Bool
    let isPaused: Bool
    let canRetry: Bool
    let isCompleted: Bool
    let isFailed: Bool
    let isCancelled: Bool
    let errorMessage: String?
    /// Why the work waits.
    let heldBy: String?
    /// A sentence about a file that could only be read in part.
    let damage: String?
    let percent: Int
    let languageCode: String?
    let language: String?
    let duration: String?
    let seconds: Double?
    let date: String?
    let isoDate: String?
    /// The model's name, or its code if the API does not list it.
    let model: String?
    /// Whether the transcript comes from the demo model, which knows only computer-made speech.
    let isDemo: Bool
    let isTranslation: Bool
    let processingTime: String?
    /// How many times faster than real time the transcription was.
    let speed: String?
    let passages: [Passage]
    let isSilent: Bool
    let removals: [Removal]
    let hasRemovals: Bool

    init(_ item: TranscriptionResource, models: [ModelResource] = [], removals: [RemovalResource] = []) {
        let segments = item.segments ?? []
        let listed = models.first { $0.code == item.model }
        pageTitle = item.title
        id = item.id
        fileName = item.audioFileOriginalFilename
        status = item.status
        isRunning = item.status == "pending" || item.status == "processing"
        isPaused = item.status == "paused"
        isUnfinished = isRunning || isPaused
        canRetry = item.status == "failed" || item.status == "cancelled"
        isCompleted = item.status == "completed"
        isFailed = item.status == "failed"
        isCancelled = item.status == "cancelled"
        errorMessage = item.errorMessage
        heldBy = item.heldBy?.message
        damage = item.damage.map(Wording.damage)
        percent = isCompleted ? 100 : Wording.percent(item.progress)
        languageCode = item.language
        language = item.language.map(Wording.language)
        duration = item.durationSeconds.map(Wording.clock)
        seconds = item.durationSeconds
        date = Wording.date(item.createdAt)
        isoDate = item.createdAt
        model = listed?.name ?? item.model
        isDemo = listed?.isDemo ?? (item.model == "demo")
        isTranslation = item.task == "translate"
        processingTime = item.processingTimeSeconds.map { $0 < 60 ? "\(Wording.tenths($0)) s" : Wording.clock($0) }
        speed = Self.speed(duration: item.durationSeconds, processing: item.processingTimeSeconds)
        passages = Self.passages(segments, language: isTranslation ? "en" : item.language)
        isSilent = isCompleted && segments.isEmpty
        hasRemovals = !removals.isEmpty
        self.removals = removals.map { removal in
            Removal(
                id: removal.id,
                transcription: item.id,
                start: removal.segment.start,
                clock: Wording.clock(removal.segment.start),
                text: removal.segment.text,
                reason: Wording.reason(ofRemoval: removal.reason)
            )
        }
    }

    private static func speed(duration: Double?, processing: Double?) -> String? {
        guard let duration, let processing, processing > 0.05, duration > 0 else { return nil }
        return "\(Wording.tenths(duration / processing)) × real time"
    }

    private static func passages(_ segments: [SegmentResource], language: String?) -> [Passage] {
        let language = language.flatMap(Language.init(code:))
        let gap = language?.wordSeparator ?? " "
        var number = 0
        return Paragraph.grouping(segments.map(\.segment), language: { _ in language }).map { paragraph in
            let pieces = paragraph.segments.map { _ in
                defer { number += 1 }
                return Piece(segment: segments[number], number: segments[number].id ?? number, gap: gap)
            }
            let first = pieces[0].segment
            return Passage(start: first.start, clock: Wording.clock(first.start), speaker: first.speaker, segments: pieces)
        }
    }
}
