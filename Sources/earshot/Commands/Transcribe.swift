import ArgumentParser
import Audio
import Foundation
import Logging
import ModelLibrary
import Speech
import SystemPackage
import Transcripts

/// `earshot transcribe`: files in, text out, without a server.
struct Transcribe: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Transcribe audio or video files.",
        discussion: """
            The transcript goes to standard output or to --output, everything else to standard error.
            Exit code: 0 when every file was transcribed, 1 when one failed, 2 when the command was not understood.

            Examples:
              earshot transcribe talk.mp3
              earshot transcribe film.mkv --format srt --output film.srt
              earshot transcribe *.m4a --language en --format json --output transcripts/
            """
    )

    @Argument(help: ArgumentHelp("The files to transcribe: anything that ffmpeg can read.", valueName: "file"))
    var files: [String]

    @Option(name: .shortAndLong, help: "The model to use. (default: the best one installed)")
    var model: String?

    @Option(name: .shortAndLong, help: "The language spoken, such as “en” or “german”; “auto” detects it.")
    var language = "auto"

    @Flag(help: "Translate into English instead of writing down what is said.")
    var translate = false

    @Option(help: "Words and names to expect.")
    var prompt: String?

    @Option(name: .shortAndLong, help: "How to write the transcript: \(TranscriptFormat.allCases.map(\.rawValue).joined(separator: ", ")).")
    var format: TranscriptFormat = .txt

    @Option(name: .shortAndLong, help: "The file to write to; with several files, or if it ends in “/”, the folder.")
    var output: String?

    @Option(help: "The engine's threads. (default: the free cores)")
    var threads: Int?

    @Flag(name: .shortAndLong, help: "No progress, only errors.")
    var quiet = false

    func validate() throws {
        if language.lowercased() != "auto", Language(code: language) == nil {
            throw ValidationError("“\(language)” is not a language the models know. Use a code such as “en” or “de”, or “auto”.")
        }
        if let threads, threads < 1 { throw ValidationError("--threads needs a number of 1 or more.") }
        if files.count > 1, let output, !output.hasSuffix("/"), !FilePath(output).isFolder {
            throw ValidationError("With several files --output is a folder: add “/” to its name.")
        }
    }

    func run() async throws {
        let settings = try await Settings.load()
        // A person at a terminal wants the text, not the log, unless they ask for it.
        let isVerbose = ProcessInfo.processInfo.environment["LOG_LEVEL"] != nil
        try await withProcessLogging(level: isVerbose ? settings.logLevel : .error) {
            let library = ModelLibrary(folder: settings.modelFolder, preferred: settings.model)
            let chosen = try findModel(in: library)
            if chosen.isDemo, model == nil, !quiet {
                Terminal.say(
                    "Using the demo model, which knows only a little synthetic speech. Put a Whisper model (ggml-NAME.bin) into \(library.folder) for real work."
                )
            }
            let pool = RecognizerPool(model: try await WhisperModel.load(path: chosen.path), size: 1)
            var failures = 0
            for file in files {
                do {
                    let transcript = try await transcribe(file, with: pool, modelName: chosen.name, settings: settings)
                    try write(format.text(of: transcript), for: file)
                } catch let error where !(error is CancellationError) {
                    failures += 1
                    Terminal.say("\(file): \(Self.explain(error))")
                }
            }
            if failures > 0 { throw ExitCode(1) }
        }
    }

    private func findModel(in library: ModelLibrary) throws -> InstalledModel {
        do {
            return try library.model(named: model)
        } catch {
            throw ValidationError("\(error)")
        }
    }

    private func transcribe(_ file: String, with pool: RecognizerPool, modelName: String, settings: Settings) async throws -> Transcript {
        let path = FilePath(file)
        let description = try await AudioProbe().describe(path)
        let expected = description.duration.map(Timestamp.init(milliseconds:))
        var options = RecognitionOptions()
        options.language = language.lowercased() == "auto" ? nil : Language(code: language)?.code
        options.translate = translate
        options.prompt = prompt
        options.threads = threads ?? settings.threads

        var transcript = Transcript(
            language: options.language.flatMap(Language.init(code:)),
            duration: .zero,
            segments: [],
            model: modelName
        )
        transcript.isTranslation = translate
        var progress = quiet ? nil : ProgressBar(title: path.lastComponent?.string ?? file, total: expected)
        defer { progress?.clear() }
        for try await event in Transcriber(pool: pool).transcribe(path, options: options, expectedDuration: expected) {
            switch event {
            case .language(let code, _): transcript.language = Language(code: code)
            case .segment: break
            case .progress(let position, _): progress?.show(position)
            case .block(let block): transcript.segments += block.segments
            case .finished(let duration): transcript.duration = duration
            }
        }
        return transcript
    }

    private func write(_ text: String, for file: String) throws {
        guard let output else {
            try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
            return
        }
        var path = FilePath(output)
        if output.hasSuffix("/") || path.isFolder {
            try FileManager.default.createDirectory(atPath: path.string, withIntermediateDirectories: true)
            let stem = FilePath(file).stem ?? "transcript"
            path.append("\(stem).\(format.fileExtension)")
        }
        try Data(text.utf8).write(to: URL(filePath: path.string), options: .atomic)
    }

    private static func explain(_ error: any Error) -> String {
        switch error {
        case let error as AudioError: error.description
        case let error as CocoaError: error.localizedDescription
        default: "\(error)"
        }
    }
}

extension TranscriptFormat: ExpressibleByArgument {}

extension FilePath {
    fileprivate var isFolder: Bool {
        var isDirectory: ObjCBool = false
        return FileManager.default.fileExists(atPath: string, isDirectory: &isDirectory) && isDirectory.boolValue
    }
}
