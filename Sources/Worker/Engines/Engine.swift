import ModelLibrary
import Speech

/// A loaded model, with recognizers to lend.
struct Engine: Sendable {
    let installed: InstalledModel
    /// The version of the file that was loaded.
    let version: FileVersion?
    /// Whether it was loaded to time words by attention, too.
    let timesWords: Bool
    let model: WhisperModel
    let pool: RecognizerPool
    /// How it is best used on this machine; nil until that was measured.
    let plan: EnginePlan?
    /// The memory that was reserved for it, in bytes.
    let memoryBytes: Int64

    /// Whether it suits a request for this model.
    func serves(_ installed: InstalledModel, version: FileVersion?, timesWords: Bool) -> Bool {
        self.installed == installed && self.version == version && self.timesWords == timesWords
    }
}
