import Archive
import Hummingbird
import ModelLibrary
import Transcripts

/// The query of whisper-asr-webservice.
struct WebServiceForm: Sendable {
    enum Output: String, CaseIterable {
        case txt, vtt, srt, tsv, json
    }

    let request: TranscriptionRequest
    let output: Output

    /// - Throws: `APIError`, `ModelLibraryError` or `UnsupportedOption`, which name the wrong option.
    init(_ values: OptionValues, models: ModelLibrary) throws {
        let model = try models.choice(named: values["model"])
        var options = TranscriptionOptions()
        options.translate = try values.isTranslation() ?? false
        options.language = try values.language()
        options.prompt = TranscriptionOptionsReader.prompt(values["initial_prompt"])
        options.wordTimes = try values.flag("word_timestamps") ?? false
        if try values.flag("vad_filter") == false { options.voiceActivity = nil }
        options.separatesChannels = try values.flag("diarize") ?? false
        try model.check(options)
        request = TranscriptionRequest(model: model.name, options: options)
        output = try values.choice("output", Output.allCases.map(\.rawValue)).flatMap(Output.init(rawValue:)) ?? .txt
    }
}
