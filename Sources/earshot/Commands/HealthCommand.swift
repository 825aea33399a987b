import Archive
import ArgumentParser
import AsyncHTTPClient
import Basics
import Foundation
import NIOCore
import NIOHTTP1
import Postgres

/// `earshot health`: whether a part of Earshot on this machine works; for containers and supervisors.
struct HealthCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "health",
        abstract: "Check whether a running part of Earshot works.",
        discussion: """
            serve     the API, its database and its folder of recordings work; prints all that it checks
            web       the website responds
            worker    the workers of this machine reported within the last 20 seconds, and their jobs progress

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
            case .serve: try await checkServer(at: "http://127.0.0.1:\(settings.apiPort)/health/ready")
            // The website serves this file without the API.
            case .web: try await checkAnswer(of: "http://127.0.0.1:\(settings.webPort)/favicon.ico")
            case .worker: try await checkWorker(in: settings.databaseURL, timeLimit: settings.timeLimit)
            }
        }
    }

    private struct Health: Decodable {
        struct Check: Decodable {
            let name, status, message: String
        }

        let checks: [Check]
    }

    private func checkServer(at address: String) async throws {
        let answer = try await answer(of: address)
        let body = try await answer.body.collect(upTo: 1 << 20)
        for check in (try? JSONDecoder().decode(Health.self, from: Data(body.readableBytesView)))?.checks ?? [] {
            print("\(check.name): \(check.status): \(check.message)")
        }
        try check(answer, of: address)
    }

    private func checkAnswer(of address: String) async throws {
        try check(try await answer(of: address), of: address)
    }

    private func answer(of address: String) async throws -> HTTPClientResponse {
        do {
            return try await HTTPClient.shared.execute(HTTPClientRequest(url: address), timeout: .seconds(4))
        } catch {
            throw CommandError("\(address) does not answer: \(error)")
        }
    }

    private func check(_ answer: HTTPClientResponse, of address: String) throws {
        guard answer.status.code == 200 else { throw CommandError("\(address) answers with status \(answer.status)") }
    }

    private func checkWorker(in databaseURL: String?, timeLimit: Duration?) async throws {
        guard let databaseURL else { throw CommandError("DATABASE_URL is not set. Set it to the database of the worker.") }
        var limits = DatabaseLimits()
        limits.connect = .seconds(2)
        let database = Database(databaseURL, connections: 1, limits: limits)
        do {
            // A database that is frozen ends neither the statement nor its cancellation.
            let asked = Task { try await ArchiveStatus.workers(onMachine: Assembly.machineName, in: database) }
            guard let workers = try await asked.value(within: .seconds(2)) else {
                throw CommandError("The database does not answer within two seconds.")
            }
            guard !workers.isEmpty else {
                throw CommandError("No worker on this machine has reported to the database within the last 20 seconds.")
            }
            for worker in workers {
                let silence = worker.silence.map { Int(clamping: $0.seconds) }
                print("\(worker.name): " + (silence.map { "its slowest job last progressed \($0) s ago" } ?? "idle"))
            }
            if let timeLimit, let silence = workers.compactMap(\.silence).max(), silence > timeLimit {
                throw CommandError("A job of a worker has made no progress for \(Int(clamping: silence.seconds)) seconds.")
            }
        } catch let error as PostgresError {
            throw CommandError("The database does not answer: \(error)")
        }
    }
}
