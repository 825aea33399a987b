import Configuration
import HTTPSupport
import ModelLibrary
import Postgres
import Server
import SystemPackage

/// The values of all settings: `settings.apiPort` is the value of `SettingList.apiPort`.
@dynamicMemberLookup
struct Settings: Sendable {
    static let list = SettingList()

    /// The values of the settings that are set; all others have their default.
    private let values: [String: any Sendable]

    /// Reads the settings; throws the sentence that refuses the first wrong value.
    static func load() async throws -> Settings {
        let reader = try await reader()
        var values: [String: any Sendable] = [:]
        for setting in list.settings {
            if let text = try setting.text(in: reader) { values[setting.name] = try setting.value(of: text) }
        }
        return Settings(values: values)
    }

    /// Reads the environment, then the file of settings.
    static func reader() async throws -> ConfigReader {
        ConfigReader(providers: [EnvironmentVariablesProvider(), try await SettingsFile.provider()])
    }

    subscript<Value>(dynamicMember path: KeyPath<SettingList, Setting<Value>>) -> Value {
        let setting = Self.list[keyPath: path]
        guard let value = values[setting.name] else { return setting.defaultValue }
        return value as? Value ?? setting.defaultValue
    }

    var uploadFolder: FilePath { self.uploadPath ?? self.dataFolder.appending("uploads") }
    var modelFolder: FilePath { self.modelPath ?? self.dataFolder.appending("models") }
    /// The folder for measurements of this machine.
    var cacheFolder: FilePath { self.dataFolder.appending("cache") }
    var maximumEditBytes: Int { self.editMegabytes * 1_000_000 }
    var databaseLimits: DatabaseLimits {
        var limits = DatabaseLimits()
        limits.wait = self.databaseWait
        limits.waiting = self.databaseQueue
        limits.statement = self.statementTimeLimit
        limits.lock = self.lockTimeLimit
        limits.idleTransaction = self.idleTransactionLimit
        limits.network = self.databaseSilence
        return limits
    }
    var preload: ModelPreload { ModelPreload(models: self.preloadedModels, isForced: self.forcesDownload) }
    /// How long lost files are kept; nil for ever.
    var lostFilesKept: Duration? { self.lostFileDays == 0 ? nil : .seconds(86_400 * self.lostFileDays) }
    /// Which requests the servers answer.
    var access: AccessRules {
        AccessRules(hosts: .ofThisMachine.union(self.allowedHosts), origins: self.allowedOrigins, proxies: self.trustedProxies)
    }
    /// The rules for imports; nil if imports are not allowed.
    var imports: ImportSettings? {
        self.allowsImports ? ImportSettings(timeLimit: self.importTimeLimit, privatePlaces: self.importPlaces) : nil
    }
}
