import Basics
import Foundation
import ModelLibrary

/// How a download stands, as clients see it: with the fields of the old system, and more.
struct DownloadResource: Encodable, Sendable, Hashable {
    /// "waiting" (another process fetches it), "downloading", "checking", "done", "cancelled", "failed", or "idle": there is none.
    let status: String
    /// In percent; nil as long as the whole is not known.
    var progress: Double?
    var bytesDownloaded: Int64?
    var totalBytes: Int64?
    var bytesPerSecond: Int64?
    var secondsLeft: Int?
    /// Why it failed: a word for programs, and a sentence for people.
    var code: String?
    var errorMessage: String?

    enum CodingKeys: String, CodingKey {
        case status, progress, code
        case bytesDownloaded = "bytes_downloaded"
        case totalBytes = "total_bytes"
        case bytesPerSecond = "bytes_per_second"
        case secondsLeft = "seconds_left"
        case errorMessage = "error_message"
    }

    /// Where nothing more is to be said.
    init(status: String) {
        self.status = status
    }

    init(_ download: ModelDesk.Download) {
        switch download {
        case .running(let now):
            status = now.phase.rawValue
            progress = now.fraction.map { ($0 * 1000).rounded() / 10 }
            bytesDownloaded = now.bytes
            totalBytes = now.total
            bytesPerSecond = now.bytesPerSecond.map { Int64(clamping: $0) }
            secondsLeft = now.secondsLeft.map { Int(clamping: $0.rounded(.up)) }
        case .done:
            status = "done"
            progress = 100
        case .cancelled:
            status = "cancelled"
        case .failed(let code, let message):
            status = "failed"
            self.code = code
            errorMessage = message
        }
    }
}

/// What the event `model` tells: a model's name, and how its download stands.
struct DownloadEventDetails: Encodable, Sendable {
    let name: String
    let download: DownloadResource

    private enum CodingKeys: String, CodingKey {
        case name
        case happenedAt = "happened_at"
    }

    func encode(to encoder: any Encoder) throws {
        try download.encode(to: encoder)
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(name, forKey: .name)
        try fields.encode(Date(), forKey: .happenedAt)
    }
}

/// A download's progress, told until it is over; one that is not under way is over.
///
/// The events have the name "message", as those without a name have for browsers, because the old system's had none.
struct DownloadEvents: EventSource {
    private let name: String
    private let desk: ModelDesk
    private let models: ModelLibrary
    private var last: DownloadResource?
    private(set) var isOver = false

    init(name: String, desk: ModelDesk, models: ModelLibrary) {
        self.name = name
        self.desk = desk
        self.models = models
    }

    mutating func news() async throws -> [ServerSentEvent] {
        if isOver { return [] }
        let download = await desk.download(of: name)
        let resource: DownloadResource
        if let download, !(download == .done && !isHere) {
            resource = DownloadResource(download)
        } else {
            resource = DownloadResource(status: isHere ? "done" : "idle")
        }
        if case .running? = download {} else { isOver = true }
        guard resource != last else { return [] }
        last = resource
        return [try ServerSentEvent(name: "message", data: resource)]
    }

    private var isHere: Bool { models.models().contains { $0.name == name } }
}
