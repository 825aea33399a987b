import Foundation
import SystemPackage

/// The files of a private cluster: `data`, `server.log`, `lock` and, where its path is short enough, the socket.
struct ClusterFolder: Sendable {
    let path: FilePath

    init(_ path: FilePath) {
        let absolute = FilePath(FileManager.default.currentDirectoryPath).pushing(path)
        self.path = absolute.lexicallyNormalized()
    }

    /// The server's data; whole if it exists.
    var data: FilePath { path.appending("data") }
    /// Data that are being made.
    var unfinishedData: FilePath { path.appending("data.new") }
    /// What the server says.
    var log: FilePath { path.appending("server.log") }
    /// The lock of the programs that use the server.
    var lock: FilePath { path.appending("lock") }

    private var processFile: FilePath { data.appending("postmaster.pid") }
    private var settingsFile: FilePath { data.appending("earshot.conf") }

    /// The version of PostgreSQL that made the data, nil when there are none.
    var dataVersion: Int? {
        (try? String(contentsOfFile: data.appending("PG_VERSION").string, encoding: .utf8)).flatMap { Int($0.trimmed) }
    }

    /// A locale in which every script has letters, as search needs them; the order is that of the code points.
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

    /// Makes the folder, closed to others, and makes sure that the account reaches it.
    func prepare(for account: ServerAccount?) async throws {
        do {
            try FileManager.default.createDirectory(atPath: path.string, withIntermediateDirectories: true)
        } catch {
            throw PostgresError(.cluster, message: "Can't make the folder \(path) for the private database: \(error.localizedDescription)")
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
                    PostgreSQL refuses to run as root and runs as the user \(account.name) instead, who can't reach \(path). \
                    Put the data where every user may pass, such as below /var/lib, or start Earshot as another user than root.
                    """
            )
        }
    }

    /// Moves data that are whole to their place.
    func adoptUnfinishedData() throws(PostgresError) {
        let file = unfinishedData.appending("postgresql.conf").string
        guard let handle = FileHandle(forWritingAtPath: file), (try? handle.seekToEnd()) != nil,
            (try? handle.write(contentsOf: Data("\ninclude 'earshot.conf'\n".utf8))) != nil, (try? handle.close()) != nil,
            rename(unfinishedData.string, data.string) == 0
        else {
            throw PostgresError(.cluster, message: "Can't finish the private database in \(path).")
        }
    }

    /// Writes what the server is to be like: small, silent, and deaf to the network.
    func writeSettings(isDurable: Bool, account: ServerAccount?) throws {
        let text = """
            # Written anew at each start.
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
    /// The folder itself, or a short one below /tmp: a socket's path has at most 107 bytes, and the setting takes no odd characters.
    private var socketFolder: FilePath {
        let isPlain = path.string.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || (UInt8(ascii: "-")...UInt8(ascii: "9")).contains(byte)
                || byte == UInt8(ascii: "_")
        }
        if isPlain, path.appending(".s.PGSQL.5432").string.utf8.count <= 100 { return path }
        // FNV-1a, so that a later start finds the same folder.
        let hash = path.string.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        return FilePath("/tmp/earshot-" + String(hash, radix: 36))
    }

    /// Makes the short folder where it is needed; refuses one that somebody else could have put there.
    func makeSocketFolder(for account: ServerAccount?) throws(PostgresError) {
        let socketFolder = socketFolder
        guard socketFolder != path else { return }
        if mkdir(socketFolder.string, 0o700) == 0 { try account?.own(socketFolder) }
        var found = stat()
        guard lstat(socketFolder.string, &found) == 0, found.st_mode & S_IFMT == S_IFDIR, found.st_mode & 0o077 == 0,
            found.st_uid == account?.user ?? geteuid()
        else {
            throw PostgresError(.cluster, message: "\(socketFolder) is not ours, so the private database can't have its socket there.")
        }
    }

    /// Removes the short folder once the server has stopped.
    func removeSocketFolder() {
        if socketFolder != path { rmdir(socketFolder.string) }
    }

    /// How to reach the running server's database, by the socket and port that the server itself has noted.
    func conninfo(database: String) throws(PostgresError) -> String {
        let lines = processFileLines
        guard lines.count >= 5 else { throw PostgresError(.cluster, message: "The private database in \(path) stopped unasked.") }
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

    /// Removes the process file of a killed server whose number another program has got since, as happens in containers.
    ///
    /// PostgreSQL takes any process of its own user for the server; a server's working directory is its data folder, though.
    func removeForeignProcessFile() {
        #if os(Linux)
            guard let number = processFileLines.first.flatMap({ Int32($0) }), number > 0,
                let directory = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(number)/cwd"),
                let real = realpath(data.string, nil)
            else { return }
            defer { free(real) }
            if directory != String(cString: real) { unlink(processFile.string) }
        #endif
    }

    /// Keeps the log from growing for ever.
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
