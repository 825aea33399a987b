import ModelLibrary

/// The progress of a download until it ends, as events; where none is running, one event with the model's state.
///
/// The events are named "message", which browsers call events without a name, because the predecessor's had none.
struct DownloadEvents: EventSource {
    let name: String
    let downloads: ModelDownloads
    let models: ModelLibrary
    private var last: DownloadResource?
    private(set) var isOver = false

    init(name: String, downloads: ModelDownloads, models: ModelLibrary) {
        self.name = name
        self.downloads = downloads
        self.models = models
    }

    mutating func news() async throws -> [ServerSentEvent] {
        if isOver { return [] }
        let download = await downloads.download(of: name)
        let resource: DownloadResource
        if let download, !(download == .done && !isInstalled) {
            resource = DownloadResource(download)
        } else {
            resource = DownloadResource(status: isInstalled ? "done" : "idle")
        }
        if case .running? = download {} else { isOver = true }
        guard resource != last else { return [] }
        last = resource
        return [try ServerSentEvent(name: "message", data: resource)]
    }

    private var isInstalled: Bool { models.models().contains { $0.name == name } }
}
