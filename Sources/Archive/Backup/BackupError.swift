/// Why a backup could not be made, read or restored.
package enum BackupError: Error, Hashable, CustomStringConvertible {
    /// The archive is not whole, or not as it was written.
    case damaged(String)
    /// The files of the installation are not as the database says.
    case recordings([String])
    /// Processes of Earshot use the database.
    case inUse(sessions: Int)
    case exists(String)

    package var description: String {
        switch self {
        case .damaged(let reason): "The backup is damaged: \(reason). Nothing was changed."
        case .recordings(let problems):
            """
            No backup was made, because recordings are not as the database says. Delete them, or put their files back:
            \(problems.joined(separator: "\n"))
            """
        case .inUse(let sessions):
            "\(sessions) other connections of Earshot use this database. Stop Earshot on all machines, then restore. Nothing was changed."
        case .exists(let path): "\(path) exists. Remove it, or choose another name."
        }
    }
}
