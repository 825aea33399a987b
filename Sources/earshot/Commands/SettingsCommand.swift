import ArgumentParser

/// `earshot settings`: every setting with its value, its default and its meaning.
struct SettingsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "settings",
        abstract: "Show every setting, its value and its meaning, and check the values.",
        discussion: """
            Settings come from the environment and from the file .env in the data folder, or from the one that “earshot --env-file FILE …” or
            EARSHOT_ENV_FILE names. Values that may contain a password are hidden.
            Exit code: 0 if all values are valid, 1 if one is wrong, 2 if the command line is invalid.

            Examples:
              earshot settings
              API_PORT=9001 earshot settings
              earshot settings --markdown >docs/settings.md
            """
    )

    @Flag(help: "Write docs/settings.md: the same without values.")
    var markdown = false

    func run() async throws {
        guard !markdown else { return print(Self.document, terminator: "") }
        let reader = try await Settings.reader()
        var failures: [String] = []
        for entry in Settings.list.entries {
            switch entry {
            case .heading(let title): print("\(title)\n")
            case .setting(let setting):
                var text: String?
                do {
                    text = try setting.text(in: reader)
                    if let text { _ = try setting.value(of: text) }
                } catch {
                    failures.append("\(error)")
                }
                let value = text.map { " = " + (setting.isSecret ? "(hidden)" : $0) } ?? ""
                print("  \(setting.name)\(value) (default: \(setting.defaultText))".replacing("`", with: ""))
                print("      \(setting.meaning)\n".replacing("`", with: ""))
            }
        }
        failures.forEach(Terminal.say)
        if !failures.isEmpty { throw ExitCode(1) }
    }

    /// The text of docs/settings.md.
    private static var document: String {
        Settings.list.entries.reduce(introduction) { text, entry in
            switch entry {
            case .heading(let title): text + "\n## \(title)\n\n| name | default | meaning |\n|---|---|---|\n"
            case .setting(let setting):
                text + "| `\(setting.name)` | \(setting.defaultText) | \(setting.meaning)"
                    + (setting.isSecret ? " `\(setting.fileName)` names a file with it instead." : "") + " |\n"
            }
        }
    }

    private static let introduction = """
        # Settings

        Earshot reads its settings from the environment and, if the environment lacks one, from the file `.env` in the data folder.
        `earshot --env-file FILE COMMAND …` and `EARSHOT_ENV_FILE=FILE` name another file. The current folder is never read, but `./run` uses
        the `.env` of the project's folder. An empty value stands for the default. A wrong value stops the start with a sentence that names
        it. `earshot settings` shows all settings with their current values and checks them. For containers, `.env.docker` lists the settings
        that `.env` passes on; see [DOCKER.md](../DOCKER.md).

        This page is written by `earshot settings --markdown` from the list in `Sources/earshot/Settings/SettingList.swift`. After a change
        there: `swift build && .build/debug/earshot settings --markdown >docs/settings.md`.

        ## Parts

        `earshot serve --all` runs everything. To use several machines, run the parts separately:

        | command | part | needs |
        |---|---|---|
        | `earshot serve` | the API | `DATABASE_URL`, `UPLOAD_DIR` |
        | `earshot worker` | a worker; any number of them | the same database, and the same uploads folder |
        | `earshot web` | the website | `BACKEND_URL` |

        `earshot health serve`, `earshot health worker` and `earshot health web` check a running part on the same machine: the exit code is 0
        if it works, and 1, with a reason, if it does not.

        """
}
