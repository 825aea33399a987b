import Transcripts

/// Finds the language of a recording from its blocks, in the order in which they are cut.
///
/// The first blocks vote until one language is certain. A block that is the only one does not vote: its language is found while it is
/// recognized, which costs nothing. Where there is no choice, because one language alone is allowed or the model knows English alone, the
/// first block decides. The command line and the worker both drive this value, so that a recording gets the same language from either.
///
/// The result depends on the blocks, the settled times and the probabilities alone, not on when `record` is called between the others.
package struct LanguageFinder: Sendable {
    /// What to do next.
    package enum Step: Sendable, Hashable {
        /// Continue to read blocks.
        case wait
        /// Find the language probabilities of this block and `record` them.
        case listen(to: Block)
        /// The search has ended, which is returned once; nil if the language is found while the only block is recognized.
        case decided(DetectedLanguage?)
    }

    /// How many blocks vote at most.
    package static let voters = 4

    /// After this much sound without a second block, the first one votes by itself.
    package static let patience = Timestamp(milliseconds: 30_000)

    /// The recording's language; nil while it is not known.
    package private(set) var language: Language?

    /// Whether the search has ended, so that blocks can be recognized.
    package private(set) var isDecided: Bool

    /// The language if there is no choice.
    private let only: Language?
    private var vote: LanguageVote
    private var voters: [Block] = []
    private var isListening = false
    private var count = 0
    private var firstEnd = Timestamp.zero
    private var isSilentForLong = false
    private var hasEnded = false

    /// - Parameters:
    ///   - known: The language if an earlier attempt has found it.
    ///   - isMultilingual: Whether the model knows languages other than English.
    package init(_ options: TranscriptionOptions, known: Language? = nil, isMultilingual: Bool) {
        language = known ?? options.language
        isDecided = language != nil
        let allowed = options.allowedLanguages
        only = isMultilingual ? (allowed.count == 1 ? allowed[0] : nil) : Language(code: "en")
        vote = LanguageVote(allowed: allowed, blocks: Self.voters)
    }

    /// Whether there is one block, and a second one may come soon.
    package var expectsSecondBlock: Bool { count == 1 && !hasEnded && !isSilentForLong }

    /// Whether there is one block, and no second one is to be waited for.
    package var hasSingleBlock: Bool { count == 1 && !expectsSecondBlock }

    /// Adds the next block.
    package mutating func add(_ block: Block) -> Step {
        count += 1
        if count == 1 { firstEnd = Timestamp(sample: block.end) }
        guard !isDecided else { return .wait }
        if let only { return decide(DetectedLanguage(code: only.code, probability: 1)) }
        voters.append(block)
        return next()
    }

    /// Records that every block that begins before this time was added.
    package mutating func settle(_ time: Timestamp) -> Step {
        if count == 1, time - firstEnd > Self.patience { isSilentForLong = true }
        return next()
    }

    /// Records the probabilities of a block that `listen` asked for.
    package mutating func record(_ probabilities: LanguageProbabilities, from block: Block) -> Step {
        isListening = false
        vote.add(probabilities, speech: block.speech ?? Timestamp(sample: block.samples.count).seconds)
        return next()
    }

    /// Records that there are no more blocks.
    package mutating func finish() -> Step {
        hasEnded = true
        return next()
    }

    /// Records a recognized block, and returns the recording's language if this block is the first to show it.
    ///
    /// A block without text may be noise, which has no language.
    package mutating func record(_ block: RecognizedBlock) -> DetectedLanguage? {
        guard language == nil, !block.segments.isEmpty else { return nil }
        language = block.language.language
        return block.language
    }

    private mutating func next() -> Step {
        guard !isDecided, !isListening else { return .wait }
        if let decision = vote.decision { return decide(decision) }
        if !expectsSecondBlock, let block = voters.first, !(hasEnded && count == 1) {
            voters.removeFirst()
            isListening = true
            return .listen(to: block)
        }
        return hasEnded ? decide(vote.best) : .wait
    }

    private mutating func decide(_ found: DetectedLanguage?) -> Step {
        isDecided = true
        voters = []
        language = found?.language
        return .decided(found)
    }
}
