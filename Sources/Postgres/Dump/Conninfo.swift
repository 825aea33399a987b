import CPostgres
import Foundation

/// The parts of a conninfo, for PostgreSQL's own programs: they get them in their environment, because arguments are visible to other users.
enum Conninfo {
    /// The variables, such as `PGHOST` and `PGPASSWORD`, that name the server and the database of a conninfo.
    ///
    /// What the conninfo leaves open, the programs take from the environment, as the client library does.
    static func environment(of conninfo: String) throws(PostgresError) -> [String: String] {
        var message: UnsafeMutablePointer<CChar>?
        guard let options = PQconninfoParse(Connection.withoutDriver(conninfo), &message) else {
            PQfreemem(message)
            // libpq's own message would quote the conninfo, which may hold a password.
            throw PostgresError(.connection, message: "DATABASE_URL is not a valid address of a database.")
        }
        defer { PQconninfoFree(options) }
        var variables: [String: String] = [:]
        var option = options
        while option.pointee.keyword != nil {
            if let name = option.pointee.envvar, let value = option.pointee.val {
                variables[String(cString: name)] = String(cString: value)
            }
            option += 1
        }
        return variables
    }
}
