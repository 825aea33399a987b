import Foundation
import Postgres
import SystemPackage
import TestSupport
import Testing

extension Journeys {
    /// The process that recognizes speech dies, and the API does not.
    @Suite(.freshDatabase) struct CrashTests {
        private let innocents = ["short-en-1.wav", "short-de-1.wav", "short-en-2.wav"]

        private var environment: [String: String] {
            ["DATABASE_URL": FreshDatabase.conninfo, "WHISPER_LANES": "2", "SWIFT_BACKTRACE": "enable=no"]
        }

        /// Records every failure that is counted for a job.
        private func recordCounts(_ database: Database) async throws {
            try await database.execute(
                script: """
                    CREATE TABLE counts (transcription_id text);
                    CREATE FUNCTION record_count() RETURNS trigger LANGUAGE plpgsql AS $$
                    BEGIN
                        INSERT INTO counts VALUES (NEW.transcription_id::text);
                        RETURN NULL;
                    END $$;
                    CREATE TRIGGER record_counts AFTER UPDATE ON jobs FOR EACH ROW
                    WHEN (NEW.deaths > OLD.deaths OR NEW.failures > OLD.failures OR NEW.expiries > OLD.expiries)
                    EXECUTE FUNCTION record_count();
                    """
            )
        }

        private func completions(of id: String, _ database: Database) async throws -> Int? {
            try await database.row("SELECT count(*) FROM events WHERE subject = \(id) AND kind = 'completed'", as: Int.self)
        }

        @Test("a recording that crashes the engine fails alone, the recordings beside it complete, and the API answers all along")
        func poison() async throws {
            var environment = environment
            environment["EARSHOT_FAILPOINTS"] = "recognize:poison.wav=crash"
            try await RunningEarshot.with(environment: environment) { earshot in
                let database = Database(FreshDatabase.conninfo, connections: 2)
                try await recordCounts(database)
                let process = try #require(await earshot.processID)
                let poison = try await earshot.api.accept(Recordings.path("clip25-en.wav"), as: "poison.wav")
                let others = try await innocents.asyncMap { try await earshot.api.accept(Recordings.path($0)) }

                try await eventually(within: .seconds(300)) {
                    #expect(try await earshot.api.server.ask("GET", "/api/v1/health").status == 200)
                    return try await earshot.api.transcriptions().items.allSatisfy(\.isFinal)
                }
                #expect(await earshot.processID == process)
                let failed = try await earshot.api.transcription(poison.id)
                #expect(failed.status == "failed")
                #expect(failed.errorCode == "engine_crashed")
                #expect(failed.errorMessage?.hasPrefix("The speech engine crashed on this part three times (signal 11, SIGSEGV)") == true)
                for (accepted, name) in zip(others, innocents) {
                    let transcription = try await earshot.api.transcription(accepted.id)
                    #expect(transcription.status == "completed")
                    #expect(transcription.text == Recordings.named(name).text)
                    #expect(try await completions(of: accepted.id, database) == 1)
                }
                // Three deaths alone, and at most two beside others.
                let deaths = earshot.output.components(separatedBy: "The worker process ended").count - 1
                #expect((3...5).contains(deaths))
                #expect(Set(try await database.rows("SELECT transcription_id FROM counts", as: String.self)) == [poison.id])
                // The registry knows only the worker that lives.
                try await eventually { try await database.rows("SELECT name FROM workers", as: String.self).count == 1 }
            }
        }

        @Test("a recording completes once although its worker is killed five times")
        func killed() async throws {
            try await RunningEarshot.with(environment: environment) { earshot in
                try await TemporaryFolder.with { folder in
                    let database = Database(FreshDatabase.conninfo, connections: 2)
                    let process = try #require(await earshot.processID)
                    let speech = try await SpeechSynthesis.recording(minutes: 5, in: folder)
                    let accepted = try await earshot.api.accept(speech.path)
                    var dice = Dice(seed: 13)
                    for _ in 0..<5 {
                        let before = try await doneBlocks(database)
                        try await eventually { try await doneBlocks(database) > before }
                        // Some moment in the work on the next block: after as many requests as the dice say.
                        for _ in 0..<dice.roll(40) { _ = try await earshot.api.server.ask("GET", "/api/v1/health") }
                        let worker = try #require(await earshot.workerProcessID)
                        #expect(kill(worker, SIGKILL) == 0)
                        try await eventually { try await ![nil, worker].contains(earshot.workerProcessID) }
                    }
                    let transcription = try await earshot.api.finished(accepted.id, within: .seconds(300))
                    #expect(transcription.status == "completed")
                    try expectWhole(transcription)
                    expectText(transcription.text, says: speech.text, errorRate: 0.15)
                    #expect(try await completions(of: accepted.id, database) == 1)
                    #expect(await earshot.processID == process)
                    #expect(earshot.output.contains("reason=signal 9, SIGKILL"))
                }
            }
        }

        private func doneBlocks(_ database: Database) async throws -> Int {
            try await database.row("SELECT count(*) FROM blocks WHERE done_at IS NOT NULL", as: Int.self) ?? 0
        }

        @Test("the worker's process ends with the one that started it, and its connections to the database with it")
        func orphan() async throws {
            try await RunningEarshot.with(environment: environment) { earshot in
                let worker = try #require(await earshot.workerProcessID)
                try await earshot.kill()
                try await eventually(within: .seconds(5)) { !isRunning(worker) }
                let database = Database(FreshDatabase.conninfo, connections: 1)
                try await eventually(within: .seconds(5)) {
                    try await database.row(
                        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
                        as: Int.self
                    ) == 0
                }
                try await earshot.start()
            }
        }

        /// Whether a process runs; one that has ended may be left for its parent to notice.
        private func isRunning(_ process: Int32) -> Bool {
            guard kill(process, 0) == 0 else { return false }
            let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
            return status?.contains("State:\tZ") != true
        }

        @Test("a worker of its own starts its child again, gives its jobs back, and stops with exit code 0")
        func workerAlone() async throws {
            try await TemporaryFolder.with { folder in
                let database = Database(FreshDatabase.conninfo, connections: 1)
                let variables = RunningEarshot.environment(dataFolder: folder)
                    .merging(["DATABASE_URL": FreshDatabase.conninfo, "LOG_LEVEL": "info"]) { $1 }
                let log = folder.appending("log")
                let worker = try await ChildProcess.start(RunningEarshot.executable, ["worker"], environment: variables, log: log)
                do {
                    func names() async throws -> [String] { try await database.rows("SELECT name FROM workers", as: String.self) }
                    try await eventually { try await names().count == 1 }
                    let first = try #require(try await names().first)
                    let child = try #require(first.split(separator: "/").last.flatMap { Int32($0) })
                    #expect(child != worker.id)
                    #expect(kill(child, SIGKILL) == 0)
                    try await eventually {
                        let now = try await names()
                        return now.count == 1 && now != [first]
                    }
                    worker.send(SIGTERM)
                    #expect(try await worker.end(within: .seconds(20)) == .exited(0))
                    #expect(try await names().isEmpty)
                } catch {
                    await worker.stop()
                    throw error
                }
                await worker.stop()
            }
        }
    }
}
