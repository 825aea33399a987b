/// What the library page shows.
struct LibraryView {
    static let pageSize = 25

    /// A transcription in a list.
    struct Row {
        let id: String
        let title: String
        let status: String
        let isUnfinished: Bool
        let isFailed: Bool
        let percent: Int
        let duration: String?
        let language: String?
        let date: String?
        let isoDate: String?
        /// The first words, or the reason why there are none.
        let firstLine: String
        let hasWords: Bool
    }

    let pageTitle = "Library"
    let isLibrary = true
    let rows: [Row]
    let count: String
    let page: Int
    let pages: Int
    let hasPages: Bool
    let newer: Int?
    let older: Int?

    init(list: TranscriptionList, page: Int) {
        rows = list.items.map(Row.init)
        count = list.total == 1 ? "1 transcription" : "\(list.total) transcriptions"
        self.page = page
        pages = max(1, (list.total + Self.pageSize - 1) / Self.pageSize)
        hasPages = pages > 1
        newer = page > 1 ? page - 1 : nil
        older = page < pages ? page + 1 : nil
    }
}

extension LibraryView.Row {
    init(_ item: TranscriptionResource) {
        let words = (item.text ?? "").prefix(400).split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        id = item.id
        title = item.title
        status = item.status
        isUnfinished = item.status == "pending" || item.status == "processing" || item.status == "paused"
        isFailed = item.status == "failed"
        percent = Wording.percent(item.progress)
        duration = item.durationSeconds.map(Wording.clock)
        language = item.language.map(Wording.language)
        date = Wording.date(item.createdAt)
        isoDate = item.createdAt
        hasWords = !words.isEmpty
        firstLine =
            switch (words.isEmpty, item.status) {
            case (false, _): words
            case (_, "failed"): item.errorMessage ?? "Transcription failed."
            case (_, "completed"): "No speech was found."
            case (_, "cancelled"): "Canceled."
            case (_, "processing"): "Transcribing…"
            case (_, "paused"): "Paused."
            default: "Waiting in the queue…"
            }
    }
}
