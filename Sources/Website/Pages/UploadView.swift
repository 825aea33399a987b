import Basics
import Transcripts

/// What the upload page shows.
struct UploadView {
    struct Model {
        let code: String
        let name: String
        /// Size and whether it is installed, in a few words.
        let note: String
        let isDemo: Bool
        let isChosen: Bool
    }

    struct LanguageChoice {
        let code: String
        let name: String
        /// The language's name for itself, if it differs.
        let nativeName: String?

        init(_ language: Language) {
            (code, name) = (language.code, language.englishName)
            nativeName = language.nativeName == name ? nil : language.nativeName
        }
    }

    let pageTitle: String? = nil
    let isUpload = true
    let models: [Model]
    let languages = Language.all.sorted { $0.englishName < $1.englishName }.map(LanguageChoice.init)
    /// What the demo model can do, in one line, if there is one.
    let demoNote: String?
    let latest: [LibraryView.Row]
    /// The reason why nothing can be uploaded now.
    let problem: Problem?

    init(models: [ModelResource], latest: [TranscriptionResource], problem: Problem?) {
        // A damaged model can only be used if it can be downloaded again.
        let models = models.filter { !$0.isDamaged || $0.downloadSizeMb != nil }
        let installed = models.filter { $0.isCached != false }
        let chosen = installed.first { $0.isDefault == true } ?? installed.first { $0.isDemo != true } ?? installed.first
        self.models = models.map { Model($0, isChosen: $0.code == chosen?.code) }
        demoNote = models.first { $0.isDemo == true }.map { demo in
            let knowledge = demo.description ?? "The demo model knows only a little computer-made speech."
            return "\(knowledge) People's voices need a real model."
        }
        self.latest = latest.map(LibraryView.Row.init)
        self.problem = problem
    }
}

extension UploadView.Model {
    fileprivate init(_ model: ModelResource, isChosen: Bool) {
        let isInstalled = model.isCached != false
        let size = model.sizeBytes.map(ByteCount.text)
        let name = model.name ?? model.code
        let demoMark = model.isDemo == true && !name.lowercased().contains("demo model") ? "demo model" : nil
        let state = isInstalled ? "installed" : model.isDamaged ? "damaged, will be downloaded again" : "will be downloaded"
        self.init(
            code: model.code,
            name: name,
            note: [demoMark, size, state].compactMap { $0 }.joined(separator: ", "),
            isDemo: model.isDemo == true,
            isChosen: isChosen
        )
    }
}
