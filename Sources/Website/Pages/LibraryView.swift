/// What the library page shows.
struct LibraryView {
    static let pageSize = 25

    /// One recording in a list.
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
        /// The first words, or why there are none.
        let firstLine: String
        let hasWords: Bool
    }

    let pageTitle = "Library"
    let isLibrary = true
    let rows: [Row]
    let total: Int
    let count: String
    let hasUnfinished: Bool
    let page: Int
    let pages: Int
    let hasPages: Bool
    let newer: Int?
    let older: Int?

    init(list: TranscriptionList, page: Int) {
        rows = list.items.map(Row.init)
        total = list.total
        count = list.total == 1 ? "1 recording" : "\(list.total) recordings"
        hasUnfinished = rows.contains(where: \.isUnfinished)
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
        language = item.language.map(SpokenLanguage.name(of:))
        date = Wording.date(item.createdAt)
        isoDate = item.createdAt
        hasWords = !words.isEmpty
        firstLine =
            switch (words.isEmpty, item.status) {
            case (false, _): words
            case (_, "failed"): item.errorMessage ?? "It could not be transcribed."
            case (_, "completed"): "No speech was found."
            case (_, "cancelled"): "Cancelled."
            case (_, "processing"): "Being transcribed…"
            case (_, "paused"): "Paused."
            default: "Waiting for its turn…"
            }
    }
}
