import Foundation
import SystemPackage
import TestSupport
import Testing

extension Journeys {
    /// Many uploads at the same time: none that is valid is refused for good.
    @Suite struct ManyUploadsTests {
        private let recording = Recordings.path("short-en-1.wav")

        @Test("of sixty uploads at once, all are accepted if they may wait")
        func patient() async throws {
            try await RunningEarshot.with(environment: ["MEDIA_TOOLS": "1", "MEDIA_WAIT_SECONDS": "120"]) { earshot in
                let answers = try await upload(60, to: earshot.api)
                #expect(answers.allSatisfy { $0.status == 201 })
            }
        }

        @Test("uploads that may not wait get 503 with Retry-After, and a resumable one keeps its bytes and is accepted later")
        func impatient() async throws {
            try await RunningEarshot.with(environment: ["MEDIA_TOOLS": "1", "MEDIA_WAIT_SECONDS": "1"]) { earshot in
                let bytes = try recording.contents()
                let client = ResumableUploadClient(earshot.api.server)
                var ids: [String] = []
                for _ in 0..<20 { ids.append(try await client.create(length: bytes.count, metadata: ["duplicate": "true"])) }
                async let whole = upload(60, to: earshot.api)
                let resumable = try await withThrowingTaskGroup(of: (String, HTTPAnswer).self) { group in
                    for id in ids { group.addTask { (id, try await client.append(bytes, to: id, at: 0)) } }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                for answer in try await whole where answer.status != 201 { try expectBusy(answer) }
                let refused = resumable.filter { $0.1.status != 204 }
                for (_, answer) in refused { try expectBusy(answer) }
                #expect(!refused.isEmpty)
                for (id, _) in refused {
                    try await eventually { try await client.ask("HEAD", id).headers["upload-transcription"] != nil }
                    #expect(try await client.offset(of: id) == bytes.count)
                }
            }
        }

        #if os(Linux)
            @Test("an upload while hardly any file descriptor is free gets 503, and the server lives on")
            func descriptors() async throws {
                try await RunningEarshot.with(environment: ["MEDIA_WAIT_SECONDS": "1"]) { earshot in
                    let process = try #require(await earshot.processID)
                    func limit(_ count: Int) async throws {
                        try await CommandLineProgram("prlimit", ["--pid", "\(process)", "--nofile=\(count):"]).succeed()
                    }
                    let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/fd").count
                    try await limit(open + 60)
                    try expectBusy(await earshot.api.upload(recording))
                    try await limit(open + 500)
                    #expect(try await earshot.api.upload(recording).status == 201)
                    #expect(await earshot.processID == process)
                }
            }
        #endif

        private func upload(_ count: Int, to api: EarshotAPI) async throws -> [HTTPAnswer] {
            try await withThrowingTaskGroup(of: HTTPAnswer.self) { group in
                for _ in 0..<count { group.addTask { try await api.upload(recording) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
        }

        private func expectBusy(_ answer: HTTPAnswer, sourceLocation: SourceLocation = #_sourceLocation) throws {
            #expect(answer.status == 503, "\(answer.text)", sourceLocation: sourceLocation)
            let refusal: EarshotAPI.Refusal = try answer.json()
            #expect(refusal.code == "busy", sourceLocation: sourceLocation)
            #expect(answer.headers["retry-after"].flatMap { Int($0) } != nil, sourceLocation: sourceLocation)
        }
    }
}
