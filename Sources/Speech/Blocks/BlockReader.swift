import Audio
import SystemPackage
import Transcripts

/// Cuts a file into blocks: decodes it, finds the speech in each channel and cuts in the pauses, all as a stream.
///
/// At most a block of each channel and a second of sound are in memory, however long the file is, because decoding waits for the handler.
/// Blocks come in the order in which they begin; with the same options they are always the same.
package struct BlockReader: Sendable {
    /// An event of reading, in order.
    package enum Event: Sendable {
        /// The next piece of sound, at most a second: its first sample's number in the file, and the samples (-1…1, 16 kHz) of each channel.
        ///
        /// Together the pieces are all the sound of the range.
        case sound(start: Int, channels: [[Float]])

        /// The next block.
        case block(Block)

        /// Every block that begins before this time was reported, and none that begins later.
        case settled(Timestamp)
    }

    /// How a reading ended.
    package struct Outcome: Sendable, Hashable {
        /// Where the sound or the range ended.
        package let end: Timestamp

        /// Why part of the file could not be read, in ffmpeg's words; nil if the file is whole.
        package let damage: String?
    }

    /// How often long silence is reported; with the second that is being read it is less than ten seconds.
    private static let settledInterval = 8 * AudioDecoder.sampleRate

    private let path: FilePath
    private let channels: Int
    private let maximumDuration: Duration?
    private let findsSpeech: Bool
    private let range: Range<Int>
    private let rules: BlockCutter.Rules

    /// A reader of the part of a file that the options name.
    ///
    /// - Parameters:
    ///   - options: The range and voice activity are used.
    ///   - channels: 1 to mix all channels; otherwise the file's number of them, each of which is cut by itself.
    ///   - maximumDuration: A file whose sound is longer is rejected, if that is found before the end of the range.
    ///   - rules: How blocks are cut, unless the options say otherwise.
    package init(
        path: FilePath,
        options: TranscriptionOptions,
        channels: Int = 1,
        maximumDuration: Duration? = nil,
        rules: BlockCutter.Rules = BlockCutter.Rules()
    ) {
        self.path = path
        self.channels = max(1, channels)
        self.maximumDuration = maximumDuration
        self.rules = options.voiceActivity.map { rules.adapted(to: $0) } ?? rules
        findsSpeech = options.voiceActivity != nil
        let start = max(0, options.start?.sample ?? 0)
        range = start..<max(start, options.end?.sample ?? .max)
    }

    /// Reads the whole range, awaits `handle` at each event, and returns where the sound or the range ended and whether the file is damaged.
    ///
    /// - Parameter start: Where to resume an earlier reading: its last `settled` time or, with one channel, the end of its last block. The
    ///   sound before it is decoded and reported; speech is only sought there with several channels, because their blocks overlap. The
    ///   blocks are exactly those that the earlier reading would have reported.
    package func read(from start: Timestamp = .zero, _ handle: (Event) async throws -> Void) async throws -> Outcome {
        Memory.returnFreedPages()
        let (origin, window) = (range.lowerBound, window(at: start.sample))
        let cutters = (0..<channels).map { channel in
            ChannelCutter(rules: rules, findsSpeech: findsSpeech, channel: channel, origin: origin, from: window)
        }
        var reading = Reading(cutters: cutters, origin: origin, start: start.sample)
        let decoder = AudioDecoder(path: path, channels: channels, range: range, maximumDuration: maximumDuration)
        let (decoded, last) = try await FreeCores.shared.reading {
            let decoded = try await decoder.decodeChannels { place, sound in
                try await handle(.sound(start: place, channels: sound))
                for event in try await reading.add(sound, at: place) { try await handle(event) }
            }
            return (decoded, try await reading.finish())
        }
        for event in last { try await handle(event) }
        return Outcome(end: Timestamp(sample: reading.end), damage: decoded.damage)
    }

    /// The first window in which speech is sought, from the beginning of the range; with several channels it is 0.
    private func window(at sample: Int) -> Int {
        channels == 1 ? max(0, sample - range.lowerBound + VoiceActivity.window - 1) / VoiceActivity.window : 0
    }

    /// The state of one reading of the file.
    private struct Reading {
        private var cutters: [ChannelCutter]
        private var waiting: [Block] = []
        private var reported: Int
        private let start: Int
        private(set) var end: Int

        init(cutters: [ChannelCutter], origin: Int, start: Int) {
            self.cutters = cutters
            self.start = start
            reported = max(origin, start)
            end = origin
        }

        mutating func add(_ sound: [[Float]], at place: Int) async throws -> [Event] {
            for channel in cutters.indices { waiting += try await cutters[channel].add(sound[channel], at: place) }
            end = place + (sound.first?.count ?? 0)
            return events(until: cutters.map(\.settled).min() ?? end)
        }

        mutating func finish() async throws -> [Event] {
            for channel in cutters.indices { waiting += try await cutters[channel].finish() }
            return events(until: end)
        }

        /// The blocks that begin before `horizon`, before which no others can begin any more, and the horizon, if it is worth reporting.
        private mutating func events(until horizon: Int) -> [Event] {
            let ready = waiting.filter { $0.start < horizon }.sorted { ($0.start, $0.channel) < ($1.start, $1.channel) }
            waiting.removeAll { $0.start < horizon }
            var events = ready.filter { $0.start >= start }.map { Event.block($0) }
            guard horizon > reported, !events.isEmpty || horizon == end || horizon - reported >= settledInterval else { return events }
            reported = horizon
            events.append(.settled(Timestamp(sample: horizon)))
            return events
        }
    }
}
