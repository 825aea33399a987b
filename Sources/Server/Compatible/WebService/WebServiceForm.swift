import Archive
import Hummingbird
import ModelLibrary
import Transcripts

/// What a client of whisper-asr-webservice asks for, in the query.
struct WebServiceForm: Sendable {
    enum Output: String, CaseIterable {
        case txt, vtt, srt, tsv, json
    }

    let request: TranscriptionRequest
    let output: Output

    /// - Throws: `APIError`, `ModelLibraryError` or `UnsupportedOption`, which name what is wrong.
    init(_ values: OptionValues, models: ModelLibrary) throws {
        let model = try models.choice(named: values["model"])
        var options = TranscriptionOptions()
        options.translate = try values["task"].map(TranscriptionForm.isTranslation) ?? false
        options.language = try TranscriptionForm.spokenLanguage(values)
        options.prompt = TranscriptionForm.prompt(values["initial_prompt"], vocabulary: nil)
        options.wordTimes = try values.flag("word_timestamps") ?? false
        if try values.flag("vad_filter") == false { options.voiceActivity = nil }
        options.separatesChannels = try values.flag("diarize") ?? false
        try model.check(options)
        request = TranscriptionRequest(model: model.name, options: options)
        output = try values.choice("output", Output.allCases.map(\.rawValue)).flatMap(Output.init(rawValue:)) ?? .txt
    }
}
