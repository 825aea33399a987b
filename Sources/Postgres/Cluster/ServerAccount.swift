import Foundation
import SystemPackage

/// The user that PostgreSQL's programs run as when this program runs as root, which they refuse.
struct ServerAccount: Sendable, Hashable {
    let name: String
    let user: uid_t
    let group: gid_t

    /// Nil unless this program runs as root: then the owner of the data if they exist, else `postgres`, else `nobody`.
    static func needed(for data: FilePath) throws(PostgresError) -> ServerAccount? {
        guard geteuid() == 0 else { return nil }
        var owner = stat()
        if stat(data.string, &owner) == 0, owner.st_uid != 0 {
            return named { getpwuid_r(owner.st_uid, $0, $1, $2, $3) }
                ?? ServerAccount(name: "\(owner.st_uid)", user: owner.st_uid, group: owner.st_gid)
        }
        for name in ["postgres", "nobody"] {
            if let account = named({ getpwnam_r(name, $0, $1, $2, $3) }) { return account }
        }
        throw PostgresError(
            .cluster,
            message:
                "PostgreSQL refuses to run as root, and this system has neither a user postgres nor a user nobody. Start Earshot as another user."
        )
    }

    /// Looks a user up in the system's list.
    private static func named(
        _ find: (UnsafeMutablePointer<passwd>, UnsafeMutablePointer<CChar>, Int, UnsafeMutablePointer<UnsafeMutablePointer<passwd>?>) ->
            Int32
    ) -> ServerAccount? {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 16_384) { buffer in
            guard let start = buffer.baseAddress, find(&entry, start, buffer.count, &found) == 0, found != nil else { return nil }
            return ServerAccount(name: String(cString: entry.pw_name), user: entry.pw_uid, group: entry.pw_gid)
        }
    }

    /// The command that runs the command after it as this account.
    ///
    /// swift-subprocess' own `userID` is of no use: on Linux it calls `setuid` in a child that was not made by `fork`, where glibc waits
    /// forever for threads that only the parent has.
    var becoming: [String] {
        get throws(PostgresError) {
            let commands = [
                ["/usr/bin/setpriv", "--reuid=\(user)", "--regid=\(group)", "--clear-groups"],
                ["/usr/sbin/runuser", "-u", name, "--"], ["/sbin/runuser", "-u", name, "--"],
                ["/usr/bin/sudo", "-n", "-u", name, "--"],
            ]
            for command in commands where access(command[0], X_OK) == 0 { return command }
            throw PostgresError(
                .cluster,
                message:
                    "PostgreSQL refuses to run as root, and none of setpriv, runuser and sudo is installed to run it as \(name). Install one, or start Earshot as another user."
            )
        }
    }

    /// Gives a file or folder to the account.
    func own(_ path: FilePath) throws(PostgresError) {
        guard chown(path.string, user, group) == 0 else {
            throw PostgresError(.cluster, message: "Can't give \(path) to the user \(name): \(Errno(rawValue: errno)).")
        }
    }
}
