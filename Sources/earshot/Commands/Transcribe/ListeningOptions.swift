import ArgumentParser
import Basics
import Transcripts

/// The options of `earshot transcribe` that say what to hear and how.
struct ListeningOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: "The language spoken, such as “en” or “german”; “auto” detects it.")
    var language = "auto"

    @Option(help: ArgumentHelp("The languages that detection may find, such as “en,de,fr”.", valueName: "list"))
    var languages: String?

    @Flag(help: "Detect the language anew in each block of speech, for recordings in several languages.")
    var switchLanguages = false

    @Flag(help: "Translate into English instead of writing down what is said.")
    var translate = false

    @Option(help: "Words, names and a style of writing to expect.")
    var prompt: String?

    @Option(help: "How freely words are chosen, 0 to 1.")
    var temperature = 0.0

    @Flag(inversion: .prefixedNo, help: "Try doubtful text again at higher temperatures.")
    var fallback = true

    @Option(help: "Follow up this many texts at the same time, 1 to 8; slower, sometimes better.")
    var beamSize = 1

    @Flag(help: "Find the time of every word; formats that can show it do.")
    var words = false

    @Flag(inversion: .prefixedNo, help: "Look for speech first, and recognize only that.")
    var vad = true

    @Option(help: "The probability from which on sound is taken for speech, 0.05 to 0.95.")
    var vadThreshold = 0.5

    @Option(help: ArgumentHelp("The shortest silence that separates sentences.", valueName: "seconds"))
    var vadMinSilence = 0.4

    @Option(help: "What to do with stereo: “mix”, or “separate” where each channel is one speaker.")
    var channels = Channels.mix

    @Option(help: ArgumentHelp("Where in the recording to begin: “95.5” (seconds) or “1:35.5”.", valueName: "time"))
    var start: String?

    @Option(help: ArgumentHelp("Where in the recording to end.", valueName: "time"))
    var end: String?

    enum Channels: String, ExpressibleByArgument, CaseIterable {
        case mix, separate
    }

    func validate() throws {
        _ = try options()
    }

    /// What was asked for; throws `ValidationError` for what can't be.
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
            throw ValidationError("“\(name)” is not a language the models know. Use a code such as “en” or “de”, or “auto”.")
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
