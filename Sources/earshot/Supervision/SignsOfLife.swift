import Archive
import AsyncHTTPClient
import Logging
import NIOCore
import NIOHTTP1
import Postgres
import ServiceLifecycle

/// Tells the service manager that this process is ready, and then, as long as its parts answer, that it lives.
///
/// A process that hangs sends nothing, and the service manager starts it again. A database that is away is no reason for that, because a
/// new process would miss it, too.
struct SignsOfLife: Service {
    let manager: ServiceManager
    /// An address at which a server of this process must answer; nil if it has none.
    let address: String?
    /// The database to which a worker of this machine must have reported; nil if no worker is asked for.
    let workers: Database?
    let machine: String

    private static let firstLook = Duration.milliseconds(200)

    func run() async throws {
        // Unless the service stops first.
        try? await cancelWhenGracefulShutdown {
            while !(await isAlive) { try await Task.sleep(for: Self.firstLook) }
            manager.tell(.ready)
            guard let watchdog = manager.watchdog else { return try await gracefulShutdown() }
            while true {
                if await isAlive {
                    manager.tell(.alive)
                } else {
                    Logger.current.error("This process does not answer itself; the service manager will start it again")
                }
                try await Task.sleep(for: watchdog / 4)
            }
        }
        manager.tell(.stopping)
    }

    private var isAlive: Bool {
        get async {
            if let address {
                let answer = try? await HTTPClient.shared.execute(HTTPClientRequest(url: address), timeout: .seconds(5))
                guard answer?.status.code == 200 else { return false }
            }
            if let workers {
                let found = try? await ArchiveStatus.workers(onMachine: machine, in: workers)
                guard found?.isEmpty != true else { return false }
            }
            return true
        }
    }
}
