import ModelLibrary
import Speech

/// A loaded model, with recognizers to lend.
struct Engine: Sendable {
    let installed: InstalledModel
    /// The file's state when it was loaded.
    let version: FileVersion?
    /// Whether it was loaded to tell the times of words by attention, too.
    let timesWords: Bool
    let model: WhisperModel
    let pool: RecognizerPool
    /// How it is best used on this machine; nil while that is not known.
    let plan: EnginePlan?
    /// The memory that it was admitted with, in bytes.
    let memoryBytes: Int64

    /// Whether it is what a request for this model needs.
    func serves(_ installed: InstalledModel, version: FileVersion?, timesWords: Bool) -> Bool {
        self.installed == installed && self.version == version && self.timesWords == timesWords
    }
}
