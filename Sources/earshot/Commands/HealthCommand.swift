import Archive
import ArgumentParser
import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import Postgres

/// `earshot health`: whether a part of Earshot on this machine works; for containers and supervisors.
struct HealthCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "health",
        abstract: "Check whether a running part of Earshot works.",
        discussion: """
            serve     the API and its database respond
            web       the website responds
            worker    a worker of this machine reported within the last 20 seconds

            The part must run on this machine with the same settings.
            Exit code: 0 if the part works, 1 with a reason if it does not, 2 if the command line is invalid.

            Examples:
              earshot health serve
              API_PORT=9001 earshot health serve
            """
    )

    enum Part: String, CaseIterable, ExpressibleByArgument {
        case serve, worker, web
    }

    @Argument(help: "The part to check: serve, worker or web.")
    var part = Part.serve

    func run() async throws {
        let settings = try await Settings.load()
        try await CommandError.explained {
            switch part {
            case .serve: try await checkAnswer(of: "http://127.0.0.1:\(settings.apiPort)/health/ready")
            // The website serves this file without the API.
            case .web: try await checkAnswer(of: "http://127.0.0.1:\(settings.webPort)/favicon.ico")
            case .worker: try await checkWorker(in: settings.databaseURL)
            }
        }
    }

    private func checkAnswer(of address: String) async throws {
        let answer: HTTPClientResponse
        do {
            answer = try await HTTPClient.shared.execute(HTTPClientRequest(url: address), timeout: .seconds(4))
        } catch {
            throw CommandError("\(address) does not answer: \(error)")
        }
        guard answer.status.code == 200 else { throw CommandError("\(address) answers with status \(answer.status)") }
    }

    private func checkWorker(in databaseURL: String?) async throws {
        guard let databaseURL else { throw CommandError("DATABASE_URL is not set. Set it to the database of the worker.") }
        let database = Database(databaseURL, connections: 1, connectTimeout: .seconds(3))
        do {
            guard try await WorkerRegistry.hasWorker(on: Assembly.machineName, in: database) else {
                throw CommandError("No worker on this machine has reported to the database within the last 20 seconds.")
            }
        } catch let error as PostgresError {
            throw CommandError("The database does not answer: \(error)")
        }
    }
}
