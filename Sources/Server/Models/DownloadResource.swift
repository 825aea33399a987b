import Basics
import Foundation
import ModelLibrary

/// The state of a download, with the fields of the predecessor and more.
struct DownloadResource: Encodable, Sendable, Hashable {
    /// "waiting" (another process downloads it), "downloading", "checking", "done", "cancelled", "failed", or "idle": there is none.
    let status: String
    /// In percent; nil while the total is unknown.
    var progress: Double?
    var bytesDownloaded: Int64?
    var totalBytes: Int64?
    var bytesPerSecond: Int64?
    var secondsLeft: Int?
    /// The reason of a failure.
    var code, errorMessage: String?

    init(status: String) {
        self.status = status
    }

    init(_ download: ModelDownloads.Download) {
        switch download {
        case .running(let now):
            status = now.phase.rawValue
            progress = now.fraction.map { ($0 * 100).rounded(toPlaces: 1) }
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

/// The data of a `model` event: the fields of its download, the model's name and the time.
struct DownloadEventDetails: Encodable, Sendable {
    let name: String
    let download: DownloadResource

    private enum CodingKeys: CodingKey {
        case name, happenedAt
    }

    func encode(to encoder: any Encoder) throws {
        try download.encode(to: encoder)
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(name, forKey: .name)
        try fields.encode(Date(), forKey: .happenedAt)
    }
}
