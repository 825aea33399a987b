import Foundation
import SystemPackage
import TestSupport
import Testing

extension Journeys {
    /// Clients that take up connections, and what the built program does about them.
    @Suite struct ConnectionTests {
        /// What the clients below have in common. A client is Python, because its sockets do exactly what they are told.
        private static let tools = """
            import os, select, signal, socket, sys, time
            def connect(port, text=""):
                s = socket.create_connection(("127.0.0.1", int(port)), timeout=60)
                s.sendall(text.encode())
                return s
            def head(path, *lines, method="GET", host="localhost"):
                return "\\r\\n".join([f"{method} {path} HTTP/1.1", f"Host: {host}", *lines, "", ""])
            def is_open(s, drip=b""):
                # Sends, and looks whether the server has closed the connection.
                try:
                    if drip: s.sendall(drip)
                    readable, _, _ = select.select([s], [], [], 0.1)
                    return not readable or s.recv(65536) != b""
                except OSError:
                    return False
            def wait_until_closed(sockets, drip=b"", limit=25):
                end = time.monotonic() + limit
                while any([is_open(s, drip) for s in sockets]):
                    assert time.monotonic() < end, "still open"
            def runs(process):
                try: os.kill(process, 0)
                except ProcessLookupError: return False
                return True
            def wait_for(sockets, count, limit=25):
                # Waits until so many have an answer; returns how many have.
                end = time.monotonic() + limit
                while time.monotonic() < end:
                    readable, _, _ = select.select(sockets, [], [], 0.1)
                    if len(readable) >= count: break
                return len(readable)

            """

        @Test("beyond MAX_CONNECTIONS new clients wait, and are served when others leave", arguments: [false, true])
        func maximum(throughWebsite: Bool) async throws {
            try await RunningEarshot.with(environment: ["MAX_CONNECTIONS": "20"]) { earshot in
                let program =
                    Self.tools + """
                        streams = [connect(sys.argv[1], head("/api/v1/events")) for _ in range(60)]
                        answered = wait_for(streams, 20)
                        # The server may accept a few more in one go.
                        assert 15 <= answered < 40, answered
                        waiting = connect(sys.argv[1], head("/api/v1/info", "Connection: close"))
                        assert wait_for([waiting], 1, 1) == 0
                        for s in streams: s.close()
                        assert wait_for([waiting], 1) == 1
                        assert b"200 OK" in waiting.recv(4096)
                        """
                try await PythonProgram.text(program, [port(of: throughWebsite, earshot)]).succeed()
                try await eventually { try await earshot.website.server.ask("GET", "/api/v1/health").status == 200 }
                #expect(earshot.output.contains("MAX_CONNECTIONS"))
            }
        }

        @Test("the limit of open files is raised as far as the system allows")
        func openFiles() async throws {
            let earshot = try SharedEarshot.running
            let id = try #require(await earshot.processID)
            guard let limits = try? String(contentsOfFile: "/proc/\(id)/limits", encoding: .utf8) else { return }
            let line = try #require(limits.split(separator: "\n").first { $0.hasPrefix("Max open files") })
            let numbers = line.split(separator: " ").compactMap { Int($0) }
            #expect(numbers.first == min(numbers.last ?? 0, 1 << 20))
        }

        @Test("a client that drips the head of a request is disconnected", arguments: [false, true])
        func head(throughWebsite: Bool) async throws {
            try await RunningEarshot.with(environment: ["REQUEST_HEAD_SECONDS": "2"]) { earshot in
                let program =
                    Self.tools + """
                        # One from the start of a connection, one after a whole request.
                        one = connect(sys.argv[1], "GET / HTTP/1.1\\r\\nX: ")
                        two = connect(sys.argv[1], head("/health/live"))
                        answer = b""
                        # Head and body may come apart.
                        while b"alive" not in answer:
                            piece = two.recv(4096)
                            assert piece, answer
                            answer += piece
                        wait_until_closed([one, two], drip=b"x")
                        """
                try await PythonProgram.text(program, [port(of: throughWebsite, earshot)]).succeed()
            }
        }

        @Test(
            "a client that stops in the middle of its upload, or is idle, is disconnected after UPLOAD_STALL_SECONDS",
            arguments: [false, true]
        )
        func silence(throughWebsite: Bool) async throws {
            try await RunningEarshot.with(environment: ["UPLOAD_STALL_SECONDS": "2"]) { earshot in
                let program =
                    Self.tools + """
                        lines = ["Content-Type: audio/wav", "Content-Length: 100000"]
                        upload = connect(sys.argv[1], head("/api/v1/transcriptions", *lines, method="POST") + "RIFF")
                        wait_until_closed([upload, connect(sys.argv[1])])
                        """
                try await PythonProgram.text(program, [port(of: throughWebsite, earshot)]).succeed()
            }
        }

        @Test("clients that do not read an answer are disconnected and cost little memory", arguments: [false, true])
        func unread(throughWebsite: Bool) async throws {
            // All connections are taken by clients that do not read: another is served only when they have been disconnected.
            try await RunningEarshot.with(environment: ["UPLOAD_STALL_SECONDS": "5", "MAX_CONNECTIONS": "50"]) { earshot in
                try await withLongRecording { recording in
                    let id = try await earshot.api.accept(recording).id
                    _ = try await earshot.api.control(id, "cancel")
                    let before = await earshot.residentMemory()?.now
                    let program =
                        Self.tools + """
                            request = head(f"/api/v1/transcriptions/{sys.argv[2]}/audio")
                            clients = [connect(sys.argv[1], request) for _ in range(50)]
                            assert wait_for(clients, 50) == 50
                            waiting = connect(sys.argv[1], head("/api/v1/info"))
                            assert wait_for([waiting], 1, 60) == 1
                            """
                    try await PythonProgram.text(program, [port(of: throughWebsite, earshot), id]).succeed()
                    if let before, let peak = await earshot.residentMemory()?.peak {
                        #expect(peak - before < 50 << 20, "\((peak - before) >> 20) MB")
                    }
                }
            }
        }

        @Test("a stop ends within DRAIN_SECONDS, whatever clients do")
        func drain() async throws {
            try await RunningEarshot.with(environment: ["DRAIN_SECONDS": "2"]) { earshot in
                try await withLongRecording { recording in
                    let id = try await earshot.api.accept(recording).id
                    let program =
                        Self.tools + """
                            sockets, uploads = [], []
                            for port in sys.argv[1:3]:
                                sockets += [connect(port, head("/api/v1/events")) for _ in range(20)]
                                lines = ["Content-Type: audio/wav", "Content-Length: 100000000"]
                                sockets.append(connect(port, head("/api/v1/transcriptions", *lines, method="POST") + "RIFF"))
                                uploads.append(sockets[-1])
                                sockets.append(connect(port, head(f"/api/v1/transcriptions/{sys.argv[3]}/audio")))
                                assert wait_for(sockets[-1:], 1) == 1
                            os.kill(int(sys.argv[4]), signal.SIGTERM)
                            end = time.monotonic() + 12
                            # The clients stay, and the uploads send a byte now and then, until the server has gone.
                            while runs(int(sys.argv[4])):
                                assert time.monotonic() < end, "it does not stop"
                                for s in uploads: is_open(s, b"x")
                            """
                    let process = try #require(await earshot.processID)
                    try await PythonProgram.text(program, [port(of: false, earshot), port(of: true, earshot), id, "\(process)"]).succeed()
                    #expect(try await earshot.terminate() == .exited(0))
                }
            }
        }

        @Test("a client that waits with its body is told to send it, or is refused first", arguments: [false, true])
        func expectation(throughWebsite: Bool) async throws {
            let earshot = try SharedEarshot.running
            let program =
                Self.tools + """
                    body = open(sys.argv[2], "rb").read()
                    lines = ["Content-Type: audio/wav", f"Content-Length: {len(body)}", "Expect: 100-continue"]
                    s = connect(sys.argv[1], head("/api/v1/transcriptions", *lines, method="POST"))
                    answer = s.recv(4096)
                    assert answer == b"HTTP/1.1 100 Continue\\r\\n\\r\\n", answer
                    s.sendall(body)
                    answer = s.recv(4096)
                    assert answer.startswith(b"HTTP/1.1 20"), answer
                    s = connect(sys.argv[1], head("/api/v1/transcriptions", *lines, "Origin: http://evil.example", method="POST"))
                    answer = s.recv(4096)
                    assert answer.startswith(b"HTTP/1.1 403"), answer
                    """
            try await PythonProgram.text(program, [port(of: throughWebsite, earshot), Recordings.path("short-en-1.wav").string]).succeed()
        }

        private func port(of website: Bool, _ earshot: RunningEarshot) -> String {
            let address = website ? earshot.websiteAddress : earshot.api.server.address
            return address.split(separator: ":").last.map(String.init) ?? ""
        }

        /// A recording that is larger than what the system buffers for a connection.
        private func withLongRecording(_ work: (FilePath) async throws -> Void) async throws {
            try await TemporaryFolder.with { folder in
                let path = folder.appending("long.wav")
                let arguments = [
                    "-nostdin", "-v", "error", "-f", "lavfi", "-i", "anoisesrc=r=48000:d=200:a=0.001", "-c:a", "pcm_s16le", path.string,
                ]
                try await CommandLineProgram("ffmpeg", arguments).succeed()
                try await work(path)
            }
        }
    }
}
