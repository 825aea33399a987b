import Foundation
import NIOCore
import NIOPosix
import Postgres
import Synchronization
import SystemPackage
import TestSupport
import Testing

extension Soak {
    /// More clients at once than anybody has: all are served, or told when to come back.
    @Suite struct LoadSoak {
        private static let recording = Recordings.named("short-en-1.wav")

        @Test("300 uploads at once are accepted, or told when to come back", .timeLimit(.minutes(20)))
        func uploads() async throws {
            try await RunningEarshot.with { earshot in
                let bytes = try Self.recording.path.contents()
                let answers = try await withThrowingTaskGroup(of: HTTPAnswer.self) { group in
                    for number in 0..<300 {
                        group.addTask {
                            var form = MultipartForm()
                            form.addFile("file", filename: "talk-\(number).wav", bytes + Data(count: 2 * (number + 1)))
                            return try await earshot.api.post(form)
                        }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                let accepted = answers.filter { $0.status == 201 }.count
                let later = answers.filter { $0.status == 503 && $0.headers["retry-after"] != nil }.count
                #expect(accepted + later == 300, "\(Set(answers.map(\.status)))")
                SoakPlan.report("300 uploads at once: accepted \(accepted), told when to come back \(later)")
            }
        }

        @Test("200 clients that ask for audio and don't read cost less than 200 MB", .timeLimit(.minutes(10)))
        func unreadAudio() async throws {
            try await RunningEarshot.with { earshot in
                let accepted = try await earshot.api.accept(try await longRecording(in: earshot.dataFolder))
                let before = try #require(await earshot.residentMemory()).now
                for (name, port) in [("API", try port(earshot.api.server.address)), ("website", try port(earshot.websiteAddress))] {
                    let clients = try await (0..<200).asyncMap { _ in
                        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                            .channelOption(.autoRead, value: false)
                            .connect(host: "127.0.0.1", port: port).get()
                        let head = "GET /api/v1/transcriptions/\(accepted.id)/audio HTTP/1.1\r\nHost: localhost\r\n\r\n"
                        try await channel.writeAndFlush(ByteBuffer(string: head))
                        return channel
                    }
                    // Until nothing more arrives in the sockets.
                    try await Task.sleep(for: .seconds(5))
                    let memory = try #require(await earshot.residentMemory()).now - before
                    SoakPlan.report("200 clients that don't read, \(name): \(memory / 1_000_000) MB")
                    #expect(memory < 200_000_000)
                    for client in clients { try await client.close() }
                }
            }
        }

        @Test("eight edits of 60,000 segments at once succeed, and lists are answered meanwhile", .timeLimit(.minutes(30)))
        func edits() async throws {
            try await RunningEarshot.with { earshot in
                let segments = (0..<60_000).map { "{\"start\":\($0),\"end\":\($0).9,\"text\":\"segment number \($0)\"}" }
                let body = Data("{\"revision\":0,\"segments\":[\(segments.joined(separator: ","))]}".utf8)
                let copies = try await (0..<8).asyncMap { _ in
                    let copy = try await earshot.api.accept(Self.recording.path).id
                    return try await earshot.api.finished(copy).id
                }
                // Without the contract, whose check of such an answer takes longer than the edit.
                let server = HTTPServer(address: earshot.api.server.address)
                let lists = Mutex<[Duration]>([])
                let watch = Task {
                    do {
                        while true {
                            let began = ContinuousClock.now
                            let status = try await server.ask("GET", "/api/v1/transcriptions?limit=20").status
                            lists.withLock { $0.append(.now - began) }
                            #expect(status == 200)
                            try await Task.sleep(for: .milliseconds(100))
                        }
                    } catch  where Task.isCancelled {}
                }
                let file = earshot.dataFolder.appending("edit.json")
                try file.write(body)
                let began = ContinuousClock.now
                try await withThrowingTaskGroup { group in
                    for copy in copies {
                        group.addTask {
                            // A client that leaves the processors to the server.
                            let address = "\(server.address)/api/v1/transcriptions/\(copy)"
                            let arguments = ["-sS", "-f", "-o", "/dev/null", "-X", "PATCH", "-H", "Content-Type: application/json"]
                            try await CommandLineProgram("curl", arguments + ["--data-binary", "@\(file)", address]).succeed()
                        }
                    }
                    try await group.waitForAll()
                }
                let took = ContinuousClock.now - began
                watch.cancel()
                try await watch.value
                let times = lists.withLock { $0.sorted() }
                try #require(!times.isEmpty)
                SoakPlan.report(
                    """
                    eight edits of 60,000 segments: \(took); \(times.count) lists meanwhile: median \(times[times.count / 2]), \
                    95 % \(times[times.count * 95 / 100]), longest \(times[times.count - 1])
                    """
                )
            }
        }

        private func port(_ address: String) throws -> Int {
            try #require(address.split(separator: ":").last.flatMap { Int($0) })
        }

        /// A recording that is larger than what the kernel keeps for a connection.
        private func longRecording(in folder: FilePath) async throws -> FilePath {
            let path = folder.appending("long.wav")
            let arguments = ["-v", "error", "-f", "lavfi", "-i", "sine=duration=600", "-ac", "1", "-ar", "16000", path.string]
            _ = try await CommandLineProgram("ffmpeg", arguments).run()
            return path
        }
    }
}
