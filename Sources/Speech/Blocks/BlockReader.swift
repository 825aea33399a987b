import Audio
import SystemPackage
import Transcripts

/// Makes blocks of a file: decodes it, listens for speech in each channel and cuts at the silences, all as a stream.
///
/// Never more than a block of each channel and a second of sound are held, however long the file is, because decoding waits for whoever
/// takes the blocks. The blocks come in the order in which they begin; with the same options they are always the same ones.
package struct BlockReader: Sendable {
    /// What comes of reading, in order.
    package enum Event: Sendable {
        /// The next piece of sound, at most a second: its place in the file in samples, and the samples (-1…1, 16 kHz) of each channel.
        ///
        /// Together these are all the sound of the range.
        case sound(start: Int, channels: [[Float]])

        /// The next block.
        case block(Block)

        /// Every block that begins before this time has been handed on, and none that begins later.
        case settled(Timestamp)
    }

    /// In long silence, so much is news enough; with the second that is being read it makes less than ten.
    private static let settledInterval = 8 * AudioDecoder.sampleRate

    private let path: FilePath
    private let channels: Int
    private let maximumDuration: Duration?
    private let listens: Bool
    private let range: Range<Int>
    private let rules: BlockCutter.Rules

    /// A reader of the part of a file that the options name.
    ///
    /// - Parameters:
    ///   - options: Of these, the range and voice activity are heeded.
    ///   - channels: 1 to mix all channels; otherwise the file's number of them, each of which is cut by itself.
    ///   - maximumDuration: A file whose sound goes on for longer is refused, if that is met before the end of the range.
    ///   - rules: How blocks are cut, where the options don't say otherwise.
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
        listens = options.voiceActivity != nil
        let start = max(0, options.start?.sample ?? 0)
        range = start..<max(start, options.end?.sample ?? .max)
    }

    /// Reads the whole range, waits for `handle` at each event, and returns where the sound or the range ended.
    ///
    /// - Parameter start: Where an earlier run got to: the last `settled`, or, with one channel, the end of its last block. The sound
    ///   before it is decoded and handed on, but hardly listened to (with several channels it is, because their blocks overlap), and
    ///   then exactly those blocks come that would have come. At `zero` all do.
    package func read(from start: Timestamp = .zero, _ handle: (Event) async throws -> Void) async throws -> Timestamp {
        Memory.returnFreedPages()
        let (origin, window) = (range.lowerBound, window(at: start.sample))
        let listeners = (0..<channels).map { channel in
            ChannelListener(rules: rules, listens: listens, channel: channel, origin: origin, from: window)
        }
        var reading = Reading(listeners: listeners, origin: origin, start: start.sample)
        let decoder = AudioDecoder(path: path, channels: channels, range: range, maximumDuration: maximumDuration)
        let last = try await FreeCores.shared.reading {
            try await decoder.decodeChannels { place, sound in
                try await handle(.sound(start: place, channels: sound))
                for event in try await reading.hear(sound, at: place) { try await handle(event) }
            }
            return try await reading.finish()
        }
        for event in last { try await handle(event) }
        return Timestamp(sample: reading.end)
    }

    /// The first window to listen to, counted from the beginning of the range; several channels have to be listened to from there.
    private func window(at sample: Int) -> Int {
        channels == 1 ? max(0, sample - range.lowerBound + VoiceActivity.window - 1) / VoiceActivity.window : 0
    }

    /// The state of one reading of the file.
    private struct Reading {
        private var listeners: [ChannelListener]
        private var waiting: [Block] = []
        private var announced: Int
        private let start: Int
        private(set) var end: Int

        init(listeners: [ChannelListener], origin: Int, start: Int) {
            self.listeners = listeners
            self.start = start
            announced = max(origin, start)
            end = origin
        }

        mutating func hear(_ sound: [[Float]], at place: Int) async throws -> [Event] {
            for channel in listeners.indices { waiting += try await listeners[channel].hear(sound[channel], at: place) }
            end = place + (sound.first?.count ?? 0)
            return events(until: listeners.map(\.settled).min() ?? end)
        }

        mutating func finish() async throws -> [Event] {
            for channel in listeners.indices { waiting += try await listeners[channel].finish() }
            return events(until: end)
        }

        /// The blocks that begin before a place before which no others can begin any more, and that place, if that is news.
        private mutating func events(until horizon: Int) -> [Event] {
            let ready = waiting.filter { $0.start < horizon }.sorted { ($0.start, $0.channel) < ($1.start, $1.channel) }
            waiting.removeAll { $0.start < horizon }
            var events = ready.filter { $0.start >= start }.map { Event.block($0) }
            guard horizon > announced, !events.isEmpty || horizon == end || horizon - announced >= settledInterval else { return events }
            announced = horizon
            events.append(.settled(Timestamp(sample: horizon)))
            return events
        }
    }
}
