import Foundation
import Subprocess
import SystemPackage
import TestSupport
import Testing

@testable import Audio

@Suite("Faults of the machine")
struct MediaErrorTests {
    @Test("a file that does not exist is missing, not unreadable", arguments: ["/nowhere/at/all.wav", "/nowhere.wav"])
    func missing(_ path: String) async throws {
        await expect(.fileMissing, of: FilePath(path))
    }

    @Test(
        "a file that can't be opened or read is the machine's fault",
        arguments: [Errno.tooManySymbolicLinkLevels, .isDirectory, .fileNameTooLong]
    )
    func errno(_ errno: Errno) async throws {
        try await TemporaryFolder.with { folder in
            let path = folder.appending("talk.wav")
            switch errno {
            case .tooManySymbolicLinkLevels:
                try FileManager.default.createSymbolicLink(atPath: path.string, withDestinationPath: path.string)
                await expect(.machineFailed(reason: errno.description), of: path)
            case .isDirectory:
                try FileManager.default.createDirectory(atPath: path.string, withIntermediateDirectories: false)
                await expect(.machineFailed(reason: errno.description), of: path)
            default:
                await expect(.machineFailed(reason: errno.description), of: folder.appending(String(repeating: "x", count: 300)))
            }
        }
    }

    @Test("a tool that is ended by a signal crashed, and the file is not called unreadable", arguments: [SIGSEGV, SIGKILL])
    func crash(_ signal: Int32) async throws {
        try await TemporaryFolder.with { folder in
            let path = try await Media.hour(in: folder)
            await #expect(throws: AudioError.toolCrashed("ffmpeg", signal: Int(signal))) {
                var isHit = false
                try await AudioDecoder(path: path).decode { _ in
                    guard !isHit else { return }
                    isHit = true
                    kill(try await Media.processes(reading: path).first ?? 0, signal)
                }
            }
        }
    }

    @Test("a system's error from a tool is the file's fault only if every byte of the file can be read")
    func ambiguous() async throws {
        try await TemporaryFolder.with { folder in
            let readable = Recordings.path("short-en-1.wav")
            let loop = folder.appending("loop.wav")
            try FileManager.default.createSymbolicLink(atPath: loop.string, withDestinationPath: loop.string)
            for text in ["Input/output error", "Cannot allocate memory", "No such file or directory"] {
                let said = "[error] file:%: \(text)"
                try await expect(said, about: readable, .unreadable(reason: text))
                try await expect(said, about: folder.appending("gone.wav"), .fileMissing)
                try await expect(said, about: loop, .machineFailed(reason: Errno.tooManySymbolicLinkLevels.description))
            }
            try await expect("[error] file:%: Permission denied", about: readable, .machineFailed(reason: "Permission denied"))
            let text = "Invalid data found when processing input"
            try await expect("[error] file:%: \(text)", about: readable, .unreadable(reason: text))
        }
    }

    @Test("a tool that ends without a message did not read the file")
    func silent() async throws {
        let complaint = Complaint("ffprobe: error while loading shared libraries: libx.so", about: Recordings.path("short-en-1.wav"))
        guard case AudioError.machineFailed = await MediaTool.ffprobe.failure(.exited(127), complaint) else {
            Issue.record("not the machine's fault")
            return
        }
    }

    private func expect(_ text: String, about path: FilePath, _ expected: AudioError) async throws {
        let complaint = Complaint(text.replacing("%", with: path.string), about: path)
        let error = await MediaTool.ffprobe.failure(.exited(1), complaint)
        #expect(error as? AudioError == expected)
    }

    private func expect(_ error: AudioError, of path: FilePath, sourceLocation: SourceLocation = #_sourceLocation) async {
        await #expect(throws: error, sourceLocation: sourceLocation) { _ = try await Media.samples(of: path) }
        await #expect(throws: error, sourceLocation: sourceLocation) { _ = try await AudioProbe().describe(path) }
    }
}
