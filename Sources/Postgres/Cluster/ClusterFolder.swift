import Basics
import Foundation
import SystemPackage

/// The files of a private cluster: `data`, `server.log`, `lock` and, where its path is short enough, the socket.
struct ClusterFolder: Sendable {
    let path: FilePath

    init(_ path: FilePath) {
        let absolute = FilePath(FileManager.default.currentDirectoryPath).pushing(path)
        self.path = absolute.lexicallyNormalized()
    }

    /// The server's data; complete if it exists.
    var data: FilePath { path.appending("data") }
    /// Data that are being created.
    var unfinishedData: FilePath { path.appending("data.new") }
    /// The server's log.
    var log: FilePath { path.appending("server.log") }
    /// The lock of the programs that use the server.
    var lock: FilePath { path.appending("lock") }
    /// The lock of the program that starts the server.
    var startLock: FilePath { path.appending("start.lock") }

    private var processFile: FilePath { data.appending("postmaster.pid") }
    private var settingsFile: FilePath { data.appending("earshot.conf") }

    /// The version of PostgreSQL that created the data, nil when there are none.
    var dataVersion: Int? {
        (try? String(contentsOfFile: data.appending("PG_VERSION").string, encoding: .utf8)).flatMap { Int($0.trimmed) }
    }

    /// A locale in which every script has letters, which search needs; it sorts by code points.
    static var locale: String {
        #if os(Linux)
            let letters: Int32 = 1 << LC_CTYPE
        #else
            let letters = LC_CTYPE_MASK
        #endif
        for name in ["C.UTF-8", "en_US.UTF-8"] {
            guard let locale = newlocale(letters, name, nil) else { continue }
            freelocale(locale)
            return name
        }
        return "C"
    }

    /// Creates the folder, closed to others, and checks that the account reaches it.
    func prepare(for account: ServerAccount?) async throws {
        do {
            try FileManager.default.createDirectory(atPath: path.string, withIntermediateDirectories: true)
        } catch {
            throw PostgresError(
                .cluster,
                message: "Can't create the folder \(path) for the private database: \(error.localizedDescription)"
            )
        }
        try account?.own(path)
        guard chmod(path.string, 0o700) == 0 else {
            throw PostgresError(.cluster, message: "The folder \(path) of the private database belongs to another user.")
        }
        guard let account else { return }
        let test = ["-c", "cd \"$1\" && test -w .", "sh", path.string]
        guard try await PostgresPrograms.run("/bin/sh", test, as: account).isSuccess else {
            throw PostgresError(
                .cluster,
                message: """
                    PostgreSQL refuses to run as root and runs as the user \(account.name) instead, which can't reach \(path). \
                    Choose a data folder that every user may enter, such as one below /var/lib, or start Earshot as another user than root.
                    """
            )
        }
    }

    /// Moves complete data to their place.
    func adoptUnfinishedData() throws(PostgresError) {
        let file = unfinishedData.appending("postgresql.conf").string
        guard let handle = FileHandle(forWritingAtPath: file), (try? handle.seekToEnd()) != nil,
            (try? handle.write(contentsOf: Data("\ninclude 'earshot.conf'\n".utf8))) != nil, (try? handle.close()) != nil,
            rename(unfinishedData.string, data.string) == 0
        else {
            throw PostgresError(.cluster, message: "Can't finish the private database in \(path).")
        }
    }

    /// Writes the server's settings: small, silent, and without network.
    func writeSettings(isDurable: Bool, account: ServerAccount?) throws {
        let text = """
            # Rewritten at each start.
            listen_addresses = ''
            unix_socket_directories = '\(socketFolder)'
            unix_socket_permissions = 0700
            port = 5432
            max_connections = 50
            shared_buffers = 32MB
            max_parallel_workers_per_gather = 0
            jit = off
            wal_level = minimal
            max_wal_senders = 0
            min_wal_size = 32MB
            max_wal_size = 256MB
            fsync = \(isDurable ? "on" : "off")
            synchronous_commit = \(isDurable ? "on" : "off")
            full_page_writes = \(isDurable ? "on" : "off")
            logging_collector = off
            log_error_verbosity = terse
            log_checkpoints = off
            log_timezone = 'UTC'
            timezone = 'UTC'
            lc_messages = 'C'

            """
        try text.write(toFile: settingsFile.string, atomically: true, encoding: .utf8)
        try account?.own(settingsFile)
    }
}

// MARK: - Socket

extension ClusterFolder {
    /// The cluster's folder, or a short one below /tmp: a socket's path has at most 107 bytes, and the setting takes no odd characters.
    private var socketFolder: FilePath {
        let isPlain = path.string.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || (UInt8(ascii: "-")...UInt8(ascii: "9")).contains(byte)
                || byte == UInt8(ascii: "_")
        }
        if isPlain, path.appending(".s.PGSQL.5432").string.utf8.count <= 100 { return path }
        return FilePath("/tmp/earshot-" + String(stableHash(path.string.utf8), radix: 36))
    }

    /// Creates the short folder where it is needed; refuses one that another user could have put there.
    func makeSocketFolder(for account: ServerAccount?) throws(PostgresError) {
        let socketFolder = socketFolder
        guard socketFolder != path else { return }
        if mkdir(socketFolder.string, 0o700) == 0 { try account?.own(socketFolder) }
        var found = stat()
        guard lstat(socketFolder.string, &found) == 0, found.st_mode & S_IFMT == S_IFDIR, found.st_mode & 0o077 == 0,
            found.st_uid == account?.user ?? geteuid()
        else {
            throw PostgresError(
                .cluster,
                message: "\(socketFolder) belongs to another user, so the private database can't have its socket there. Remove it."
            )
        }
    }

    /// Removes the short folder once the server has stopped.
    func removeSocketFolder() {
        if socketFolder != path { rmdir(socketFolder.string) }
    }

    /// The address of the running server's database, by the socket and port in the server's process file.
    func conninfo(database: String) throws(PostgresError) -> String {
        let lines = processFileLines
        guard lines.count >= 5 else {
            throw PostgresError(.cluster, message: "The private database in \(path) stopped unexpectedly; see \(log).")
        }
        let folder = lines[4].map { "\\'".contains($0) ? "\\\($0)" : "\($0)" }.joined()
        return "host='\(folder)' port=\(lines[3]) user=earshot dbname=\(database)"
    }
}

// MARK: - Process and log

extension ClusterFolder {
    /// The server's process, data folder, start time, port, socket folder, …; empty when no server runs.
    private var processFileLines: [Substring] {
        let text = (try? String(contentsOfFile: processFile.string, encoding: .utf8)) ?? ""
        return text.split(separator: "\n", omittingEmptySubsequences: false)
    }

    /// The number of the server's process in its file; nil when there is no file.
    var processNumber: Int32? {
        processFileLines.first.flatMap { Int32($0) }.flatMap { $0 > 0 ? $0 : nil }
    }

    #if os(Linux)
        /// Whether the server runs.
        ///
        /// PostgreSQL's own programs take any process with the number in the file for the server: one that is dying or was not yet taken
        /// note of by its parent, and another program's, as happens in containers.
        var isServing: Bool { processNumber.map(isAtWork) ?? false }

        /// Whether any process of a server, which may outlive the server itself for a moment, works in the data folder.
        var hasProcesses: Bool {
            ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).contains { Int32($0).map(isAtWork) ?? false }
        }

        /// Removes the files of a server that does not run: in the folder and beside the socket they name its process, and would keep another
        /// from starting as long as anything has that number. No process may work in the folder any more.
        func removeStaleProcessFiles() {
            guard !isServing else { return }
            for file in [processFile, socketFolder.appending(".s.PGSQL.5432.lock")] { unlink(file.string) }
        }

        /// Whether a process is one of the server's: these have the data folder as their working directory. A dead one has none.
        private func isAtWork(_ process: Int32) -> Bool {
            guard let directory = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process)/cwd"),
                let real = realpath(data.string, nil)
            else { return false }
            defer { free(real) }
            return directory == String(cString: real)
        }
    #else
        var isServing: Bool { processNumber.map { kill($0, 0) == 0 } ?? false }
        var hasProcesses: Bool { isServing }
        func removeStaleProcessFiles() {}
    #endif

    /// Limits the size of the log.
    func shortenLog() {
        var found = stat()
        if stat(log.string, &found) == 0, found.st_size > 1 << 20 { rename(log.string, log.string + ".old") }
    }

    /// The log's last lines.
    var logTail: String {
        ((try? String(contentsOfFile: log.string, encoding: .utf8)) ?? "").lastLines(4)
    }
}

extension String {
    /// The last lines that are not empty.
    func lastLines(_ count: Int) -> String {
        split(whereSeparator: \.isNewline).suffix(count).joined(separator: "\n")
    }
}
