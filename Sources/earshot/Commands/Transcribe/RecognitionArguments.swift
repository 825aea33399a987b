import ArgumentParser
import Basics
import Transcripts

/// The options of `earshot transcribe` for recognition.
struct RecognitionArguments: ParsableArguments {
    @Option(name: .shortAndLong, help: "The language of the recording, such as “en” or “german”; “auto” detects it.")
    var language = "auto"

    @Option(help: ArgumentHelp("The languages that detection may choose from, such as “en,de,fr”.", valueName: "list"))
    var languages: String?

    @Flag(help: "Detect the language of each block of speech, for recordings in several languages.")
    var switchLanguages = false

    @Flag(help: "Translate the speech into English.")
    var translate = false

    @Option(help: "Words, names and a style of writing to expect.")
    var prompt: String?

    @Option(help: "The randomness of the choice of words, 0 to 1.")
    var temperature = 0.0

    @Flag(inversion: .prefixedNo, help: "Decode doubtful text again at higher temperatures.")
    var fallback = true

    @Option(help: "The number of candidate texts that the decoder follows at once, 1 to 8; more are slower, and sometimes better.")
    var beamSize = 1

    @Flag(help: "Find the time of every word; only some formats show word times.")
    var words = false

    @Flag(inversion: .prefixedNo, help: "Detect voice activity first, and recognize only speech.")
    var vad = true

    @Option(help: "The probability above which sound is speech, 0.05 to 0.95.")
    var vadThreshold = 0.5

    @Option(help: ArgumentHelp("The shortest silence that separates sentences.", valueName: "seconds"))
    var vadMinSilence = 0.4

    @Option(help: "How to treat stereo: “mix” the channels, or keep them “separate” if each channel is one speaker.")
    var channels = Channels.mix

    @Option(help: ArgumentHelp("The start of the part to transcribe: “95.5” (seconds) or “1:35.5”.", valueName: "time"))
    var start: String?

    @Option(help: ArgumentHelp("The end of the part to transcribe.", valueName: "time"))
    var end: String?

    enum Channels: String, ExpressibleByArgument, CaseIterable {
        case mix, separate
    }

    func validate() throws {
        _ = try options()
    }

    /// The options as recognition takes them; throws `ValidationError` if a value is invalid.
    func options() throws -> TranscriptionOptions {
        var options = TranscriptionOptions()
        options.language = language.lowercased() == "auto" ? nil : try Self.language(language)
        options.allowedLanguages = try (languages ?? "").split(separator: ",").map { try Self.language(String($0)) }
        options.switchesLanguage = switchLanguages
        options.translate = translate
        options.prompt = prompt
        options.temperature = try Self.number(temperature, in: 0...1, of: "--temperature")
        options.fallsBack = fallback
        options.beamSize = Int(clamping: try Self.number(Double(beamSize), in: 1...8, of: "--beam-size"))
        options.wordTimes = words
        var activity = VoiceActivityOptions()
        activity.threshold = try Self.number(vadThreshold, in: 0.05...0.95, of: "--vad-threshold")
        activity.minimumSilence = try Self.number(vadMinSilence, in: 0.05...10, of: "--vad-min-silence")
        options.voiceActivity = vad ? activity : nil
        options.separatesChannels = channels == .separate
        options.start = try start.map { try Self.time($0, of: "--start") }
        options.end = try end.map { try Self.time($0, of: "--end") }
        if let start = options.start, let end = options.end, start >= end { throw ValidationError("--start must come before --end.") }
        return options
    }

    private static func language(_ name: String) throws -> Language {
        guard let language = Language(code: name) else {
            throw ValidationError("The models do not know the language “\(name)”. Use a code such as “en” or “de”, or “auto”.")
        }
        return language
    }

    private static func number(_ number: Double, in range: ClosedRange<Double>, of option: String) throws -> Double {
        guard range.contains(number) else {
            throw ValidationError("\(option) needs a number from \(range.lowerBound) to \(range.upperBound).")
        }
        return number
    }

    private static func time(_ text: String, of option: String) throws -> Timestamp {
        guard let time = Timestamp(clockText: text) else {
            throw ValidationError("\(option) needs a time such as “95.5” (seconds) or “1:35.5”.")
        }
        return time
    }
}
