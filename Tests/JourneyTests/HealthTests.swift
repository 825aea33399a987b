import Foundation
import Postgres
import SystemPackage
import TestSupport
import Testing

extension Journeys {
    /// Health, whatever happens to the database and the disk.
    @Suite struct HealthTests {
        private struct Health: Decodable {
            struct Check: Decodable {
                let name, status, message: String
            }

            let status, database: String
            let checks: [Check]
        }

        private static let paths = ["/health/ready", "/api/v1/health"]

        /// The answers about health, each of which must come within two seconds; some more are allowed for a busy machine.
        private func health(_ earshot: RunningEarshot) async throws -> [Health] {
            #expect(try await earshot.api.server.ask("GET", "/health/live", within: .seconds(4)).status == 200)
            var found: [Health] = []
            for path in Self.paths {
                let answer = try await earshot.api.server.ask("GET", path, within: .seconds(4))
                found.append(try answer.json(Health.self))
                #expect(answer.status == (found.last?.status == "healthy" ? 200 : 503))
            }
            return found
        }

        private func becomes(_ status: String, _ earshot: RunningEarshot) async throws {
            try await eventually { try await health(earshot).allSatisfy { $0.status == status } }
        }

        @Test("health answers in time while the database is frozen, and the work goes on when it thaws")
        func frozen() async throws {
            let folder = try GuardedFolder.path("frozen")
            let cluster = PrivateCluster(folder: folder, isDurable: false)
            let data = folder.appending("data").string
            try await RunningEarshot.with(environment: ["DATABASE_URL": cluster.start(), "DATABASE_POOL_SIZE": "3"]) { earshot in
                try await becomes("healthy", earshot)
                send(SIGSTOP, toProcessesIn: data)
                defer { send(SIGCONT, toProcessesIn: data) }
                // Requests that hold every connection; the tests' own client has eight.
                let stuck = (0..<5).map { _ in Task { try await earshot.api.server.ask("GET", "/api/v1/transcriptions") } }
                for _ in 0..<3 {
                    for health in try await health(earshot) {
                        #expect(health.status == "unhealthy" && health.database == "unreachable")
                    }
                }
                let command = try await earshot.command(["health", "serve"])
                #expect(command.code == 1)
                #expect(command.output.contains("database: failed"))
                #expect(try await earshot.command(["health", "worker"]).code == 1)
                send(SIGCONT, toProcessesIn: data)
                try await becomes("healthy", earshot)
                for request in stuck { _ = try? await request.value }
                #expect(try await earshot.api.server.ask("GET", "/api/v1/transcriptions").status == 200)
            }
            await cluster.stop()
        }

        @Test("health knows the folder of recordings, the disk, the model, the queue and the workers")
        func checks() async throws {
            try await RunningEarshot.with { earshot in
                try await eventually {
                    try await health(earshot).allSatisfy { $0.checks.first { $0.name == "workers" }?.status == "ok" }
                }
                let names = try await health(earshot)[0].checks.map(\.name)
                #expect(names.starts(with: ["database", "recordings", "disk", "model", "queue", "workers"]))
                let uploads = earshot.dataFolder.appending("uploads").string
                try FileManager.default.moveItem(atPath: uploads, toPath: uploads + ".away")
                try await becomes("unhealthy", earshot)
                #expect(try await health(earshot)[0].checks.first { $0.status == "failed" }?.name == "recordings")
                let command = try await earshot.command(["health", "serve"])
                #expect(command.code == 1 && command.output.contains("recordings: failed"))
                try FileManager.default.moveItem(atPath: uploads + ".away", toPath: uploads)
                try await becomes("healthy", earshot)
                #expect(try await earshot.command(["health", "serve"]).code == 0)
            }
        }

        @Test("a private database that is killed is started again, and the work goes on")
        func killedDatabase() async throws {
            try await RunningEarshot.with { earshot in
                try await becomes("healthy", earshot)
                let file = earshot.dataFolder.appending("postgres/data/postmaster.pid").string
                let number = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n").first
                kill(try #require(number.flatMap { Int32($0) }), SIGKILL)
                try await eventually {
                    try await earshot.api.server.ask("GET", "/api/v1/transcriptions").status == 200
                        && earshot.output.contains("The private database runs again")
                }
                try await becomes("healthy", earshot)
            }
        }

        private func send(_ signal: Int32, toProcessesIn folder: String) {
            for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? [] {
                guard let process = Int32(name) else { continue }
                let directory = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(name)/cwd")
                if directory == folder { kill(process, signal) }
            }
        }
    }
}
