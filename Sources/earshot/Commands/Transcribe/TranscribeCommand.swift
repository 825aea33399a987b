import ArgumentParser
import Basics
import Foundation
import Logging
import ModelLibrary
import SystemPackage
import Transcripts

/// `earshot transcribe`: files in, text out, without a server.
struct TranscribeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "transcribe",
        abstract: "Transcribe audio or video files.",
        discussion: """
            Writes transcripts to standard output or to --output, and everything else to standard error.
            In a folder, a transcript is named for its recording, below the same subfolders. Recordings that differ only in their ending keep
            it (talk.mp3.srt); if names are still alike, a number follows (talk.mp3-2.srt). Links that lead out of a folder are skipped.
            Exit code: 0 if every file was transcribed, 1 if one failed, 2 if the command line is invalid.

            Examples:
              earshot transcribe talk.mp3
              earshot transcribe film.mkv --format srt --output film.srt
              earshot transcribe interviews/ --format json --format srt --output text/
              earshot transcribe call.wav --channels separate --words --format vtt
              earshot transcribe talk.mp3 --start 10:00 --prompt "Chess: Najdorf."
              ffmpeg -i camera.mov -f wav - | earshot transcribe -
              earshot transcribe --watch inbox/ --format txt
            """
    )

    @Argument(help: "The recordings: files that ffmpeg can read, folders of such files, or “-” for standard input.")
    var files: [String] = []

    @Option(name: .shortAndLong, help: "The model; it is downloaded if it is not installed. (default: WHISPER_MODEL, or base if installed)")
    var model: String?

    @OptionGroup(title: "Recognition")
    var recognition: RecognitionArguments

    @OptionGroup(title: "Output")
    var output: OutputArguments

    @Option(help: ArgumentHelp("Transcribe every recording that appears in this folder, until Ctrl-C.", valueName: "folder"))
    var watch: String?

    @Option(help: "The threads that the engine uses for each block of speech. (default: the free cores)")
    var threads: Int?

    @Flag(help: "Write the segments that were removed, and the reasons, to standard error.")
    var showRemoved = false

    @Flag(name: .shortAndLong, help: "Write errors only, no progress.")
    var quiet = false

    func validate() throws {
        if let threads, !(1...1024).contains(threads) { throw ValidationError("--threads needs a number from 1 to 1024.") }
        if files.isEmpty, watch == nil { throw ValidationError("Name a file, a folder, “-” for standard input, or --watch FOLDER.") }
        if !files.isEmpty, watch != nil { throw ValidationError("Use either file names or --watch, not both.") }
        try output.check(severalFiles: files.count > 1 || files.contains { FilePath($0).isFolder } || watch != nil, watching: watch != nil)
    }

    func run() async throws {
        let settings = try await Settings.load()
        // The log is off by default, because a person at a terminal wants the text.
        let isVerbose = ProcessInfo.processInfo.environment["LOG_LEVEL"] != nil
        try await withProcessLogging(level: isVerbose ? settings.logLevel : .error) {
            let transcription = try await prepare(settings)
            if let watch {
                try await FolderWatch(folder: FilePath(watch), writer: output.writer()).run { file, name, writer in
                    try await transcribe(file, as: name, with: transcription, writer)
                }
            } else {
                try await transcribeAll(with: transcription)
            }
        }
    }

    private func transcribeAll(with transcription: FileTranscription) async throws {
        var failures = 0
        var found: [InputFile] = []
        var copies: [FilePath] = []
        defer { copies.forEach { try? FileManager.default.removeItem(atPath: $0.string) } }
        // All are found before the first is transcribed, so that no two transcripts get the same name.
        for input in files {
            do {
                let more = try await InputFiles.expand(input)
                if input == "-" { copies += more.map(\.path) }
                found += more
            } catch {
                failures += 1
                Terminal.say("\(input): \(CommandError.explanation(of: error))")
            }
        }
        let names = TranscriptNames(of: found)
        for file in found {
            do {
                try await transcribe(file, as: names.name(of: file), with: transcription, output.writer())
            } catch let error where !(error is CancellationError) {
                failures += 1
                let shown = copies.contains(file.path) ? "standard input" : file.path.string
                Terminal.say("\(shown): \(CommandError.explanation(of: error))")
            }
        }
        if failures > 0 { throw ExitCode(1) }
    }

    private func transcribe(
        _ file: InputFile,
        as name: FilePath,
        with transcription: FileTranscription,
        _ writer: TranscriptWriter
    ) async throws {
        let transcript = try await transcription.transcribe(file.path, showsProgress: !quiet)
        try writer.write(transcript, of: file, as: name)
        guard showRemoved else { return }
        for removed in transcript.removed {
            let segment = removed.segment
            Terminal.say("removed \(segment.start.clockText)–\(segment.end.clockText) (\(removed.reason.rawValue)): \(segment.text)")
        }
    }

    private func prepare(_ settings: Settings) async throws -> FileTranscription {
        let folder = ModelFolder(settings)
        let options = try recognition.options()
        let choice: ModelChoice
        do {
            choice = try folder.library.choice(named: model)
            try choice.check(options)
        } catch {
            throw ValidationError("\(error)")
        }
        let chosen = try await install(choice, in: folder)
        if chosen.isDemo, model == nil, !quiet {
            Terminal.say(
                "Using the demo model, which recognizes only some synthetic speech. To download another: earshot models download base"
            )
        }
        return FileTranscription(model: chosen, options: options, threads: threads, settings: settings)
    }

    /// Downloads the model if it is not installed.
    private func install(_ choice: ModelChoice, in folder: ModelFolder) async throws -> InstalledModel {
        switch choice {
        case .installed(let model): return model
        case .fetchable(let model):
            if !quiet { Terminal.say("The model “\(model.name)” is not installed; downloading \(ByteCount.text(model.sizeBytes)).") }
            return try await CommandError.explained {
                try await folder.download(model, force: false, quiet: quiet)
                return try folder.library.model(named: model.name)
            }
        }
    }
}
