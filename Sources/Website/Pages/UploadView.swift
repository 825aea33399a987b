/// What the upload page shows.
struct UploadView {
    struct Model {
        let code: String
        let name: String
        /// Size and whether it is installed, in a few words.
        let note: String
        let isDemo: Bool
        let isInstalled: Bool
        let isChosen: Bool
    }

    let pageTitle: String? = nil
    let isUpload = true
    let models: [Model]
    let languages = SpokenLanguage.all
    /// What the demo model is, in one line; nil when there is none.
    let demoNote: String?
    let latest: [LibraryView.Row]
    /// Why nothing can be uploaded now.
    let problem: Problem?

    init(models: [ModelResource], latest: [TranscriptionResource], problem: Problem?) {
        let chosen = models.first { $0.isCached != false && $0.isDemo != true } ?? models.first { $0.isCached != false }
        self.models = models.map { Model($0, isChosen: $0.code == chosen?.code) }
        demoNote =
            models.contains { $0.isDemo == true }
            ? "The demo model knows only a few hundred words of computer-made speech: it shows that everything works. "
                + "For people's voices install a real model." : nil
        self.latest = latest.map(LibraryView.Row.init)
        self.problem = problem
    }
}

extension UploadView.Model {
    fileprivate init(_ model: ModelResource, isChosen: Bool) {
        let isInstalled = model.isCached != false
        let size = model.sizeBytes.map(Wording.size)
        let state = model.isDemo == true ? "demo model" : isInstalled ? "installed" : "not installed"
        self.init(
            code: model.code,
            name: model.name ?? model.code,
            note: [size, state].compactMap { $0 }.joined(separator: ", "),
            isDemo: model.isDemo == true,
            isInstalled: isInstalled,
            isChosen: isChosen
        )
    }
}
