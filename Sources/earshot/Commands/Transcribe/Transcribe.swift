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
              earshot transcribe interviews/ --language en --format json --format srt --output transcripts/
              earshot transcribe call.wav --channels separate --words --format vtt
              earshot transcribe lecture.m4a --start 10:00 --end 25:00 --prompt "Lecture on chess: Sicilian, Najdorf."
              ffmpeg -i camera.mov -f wav - | earshot transcribe -
              earshot transcribe --watch inbox/ --format txt
            """
    )

    @Argument(help: "The files to transcribe: anything that ffmpeg can read, folders of such files, or “-” for standard input.")
    var files: [String] = []

    @Option(name: .shortAndLong, help: "The model to use; it is downloaded if it is not here. (default: the best one installed)")
    var model: String?

    @OptionGroup(title: "How to listen")
    var listening: ListeningOptions

    @OptionGroup(title: "How to write")
    var writing: WritingOptions

    @Option(help: ArgumentHelp("Transcribe whatever is put into this folder, until Ctrl-C.", valueName: "folder"))
    var watch: String?

    @Option(help: "The engine's threads for each block of speech. (default: the free cores)")
    var threads: Int?

    @Flag(help: "Say on standard error what was heard but taken out, and why.")
    var showRemoved = false

    @Flag(name: .shortAndLong, help: "No progress, only errors.")
    var quiet = false

    func validate() throws {
        if let threads, !(1...1024).contains(threads) { throw ValidationError("--threads needs a number from 1 to 1024.") }
        if files.isEmpty, watch == nil { throw ValidationError("Name a file, a folder, “-” for standard input, or --watch FOLDER.") }
        if !files.isEmpty, watch != nil { throw ValidationError("Either name files or --watch a folder.") }
        try writing.check(severalFiles: files.count > 1 || files.contains { FilePath($0).isFolder } || watch != nil, watching: watch != nil)
    }

    func run() async throws {
        let settings = try await Settings.load()
        // A person at a terminal wants the text, not the log, unless they ask for it.
        let isVerbose = ProcessInfo.processInfo.environment["LOG_LEVEL"] != nil
        try await withProcessLogging(level: isVerbose ? settings.logLevel : .error) {
            let desk = try await openDesk(settings)
            if let watch {
                try await FolderWatch(folder: FilePath(watch), writer: writing.writer()).run { file, writer in
                    try await transcribe(file, at: desk, writer)
                }
            } else {
                try await transcribeAll(at: desk)
            }
        }
    }

    private func transcribeAll(at desk: TranscriptionDesk) async throws {
        var failures = 0
        for input in files {
            let found: [FilePath]
            do {
                found = try await InputFiles.expand(input)
            } catch {
                failures += 1
                Terminal.say("\(input): \(Self.explain(error))")
                continue
            }
            for file in found {
                do {
                    try await transcribe(file, at: desk, writing.writer())
                } catch let error where !(error is CancellationError) {
                    failures += 1
                    Terminal.say("\(input == "-" ? "standard input" : file.string): \(Self.explain(error))")
                }
            }
            if input == "-" { found.forEach { try? FileManager.default.removeItem(atPath: $0.string) } }
        }
        if failures > 0 { throw ExitCode(1) }
    }

    private func transcribe(_ file: FilePath, at desk: TranscriptionDesk, _ writer: TranscriptWriter) async throws {
        let transcript = try await desk.transcribe(file, showsProgress: !quiet)
        try writer.write(transcript, of: file)
        guard showRemoved else { return }
        for removed in transcript.removed {
            let segment = removed.segment
            Terminal.say("removed \(segment.start.clockText)–\(segment.end.clockText) (\(removed.reason.rawValue)): \(segment.text)")
        }
    }

    private func openDesk(_ settings: Settings) async throws -> TranscriptionDesk {
        let library = ModelLibrary(folder: settings.modelFolder, preferred: settings.model)
        let options = try listening.options()
        let choice: ModelChoice
        do {
            choice = try library.choice(named: model)
            try choice.check(options)
        } catch {
            throw ValidationError("\(error)")
        }
        let chosen = try await installed(choice, library, settings)
        if chosen.isDemo, model == nil, !quiet {
            Terminal.say(
                "Using the demo model, which knows only a little synthetic speech. “earshot models download base” fetches a real one."
            )
        }
        return TranscriptionDesk(model: chosen, options: options, threads: threads, settings: settings)
    }

    /// The model itself, which is downloaded if it is not here.
    private func installed(_ choice: ModelChoice, _ library: ModelLibrary, _ settings: Settings) async throws -> InstalledModel {
        switch choice {
        case .installed(let model): return model
        case .fetchable(let model):
            if !quiet { Terminal.say("The model “\(model.name)” is not here yet; downloading \(ByteCount.text(model.sizeBytes)).") }
            let downloader = ModelDownloader(folder: settings.modelFolder, hub: settings.hubAddress)
            return try await ModelShelf.withPlainErrors {
                try await ModelShelf.fetch(model, with: downloader, force: false, quiet: quiet)
                return try library.model(named: model.name)
            }
        }
    }

    /// What to say about an error.
    static func explain(_ error: any Error) -> String {
        switch error {
        case let error as AudioError: error.description
        case let error as SpeechError: error.description
        case let error as CocoaError: error.localizedDescription
        default: "\(error)"
        }
    }
}
