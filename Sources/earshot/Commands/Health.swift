import Archive
import ArgumentParser
import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import Postgres

/// `earshot health`: whether a part of Earshot that runs on this machine can do its work; for containers and supervisors.
struct Health: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Ask a running part of Earshot whether it is well.",
        discussion: """
            serve: the API answers, and its database, too. web: the website answers. worker: it has said in the database that it is there
            within the last 20 seconds. The part must run on the same machine with the same settings.
            Exit code: 0 when it is well, 1 when not, which is explained, 2 when the command was not understood.

            Examples:
              earshot health serve
              API_PORT=9001 earshot health serve
            """
    )

    /// What may be asked.
    enum Part: String, CaseIterable, ExpressibleByArgument {
        case serve, worker, web
    }

    @Argument(help: "serve, worker or web.")
    var part = Part.serve

    func run() async throws {
        let settings = try await Settings.load()
        do {
            switch part {
            case .serve: try await ask("http://127.0.0.1:\(settings.apiPort)/health/ready")
            // An asset is the website's own: whether the API is well is the API's to say.
            case .web: try await ask("http://127.0.0.1:\(settings.webPort)/favicon.ico")
            case .worker: try await lookForWorker(in: settings.databaseURL)
            }
        } catch let trouble as Trouble {
            Terminal.say(trouble.description)
            throw ExitCode(1)
        }
    }

    private struct Trouble: Error, CustomStringConvertible {
        let description: String
    }

    private func ask(_ address: String) async throws {
        let answer: HTTPClientResponse
        do {
            answer = try await HTTPClient.shared.execute(HTTPClientRequest(url: address), timeout: .seconds(4))
        } catch {
            throw Trouble(description: "\(address) does not answer: \(error)")
        }
        guard answer.status.code == 200 else { throw Trouble(description: "\(address) answers \(answer.status)") }
    }

    private func lookForWorker(in databaseURL: String?) async throws {
        guard let databaseURL else { throw Trouble(description: "A worker of its own has a DATABASE_URL, which is missing here.") }
        let database = Database(databaseURL, connections: 1, connectTimeout: .seconds(3))
        do {
            guard try await WorkerRegistry.hasWorker(on: Assembly.machineName, in: database) else {
                throw Trouble(description: "No worker of this machine has said within 20 seconds that it is there.")
            }
        } catch let error as PostgresError {
            throw Trouble(description: "The database does not answer: \(error)")
        }
    }
}
