import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import Audio

#if os(Linux)
    /// What a running ffmpeg may do, as the kernel shows it.
    @Suite("Limits of media tools")
    struct ConfinementTests {
        @Test("a tool sees no variable of Earshot's environment but those that it needs")
        func environment() async throws {
            let allowed: Set = ["AV_LOG_FORCE_NOCOLOR", "LANG", "PATH", "TMPDIR", "LD_LIBRARY_PATH"]
            let names = try await process("environ").split(separator: "\0").map { String($0.prefix { $0 != "=" }) }
            #expect(names.contains("PATH"))
            #expect(Set(names).subtracting(allowed).isEmpty)
        }

        @Test("memory, processor time and files are limited")
        func limits() async throws {
            let limits = try await process("limits")
            for (name, value) in [("address space", 4 << 30), ("cpu time", 21_600), ("file size", 0), ("core file size", 0)] {
                let line = try #require(limits.split(separator: "\n").first { $0.hasPrefix("Max \(name) ") })
                #expect(line.dropFirst("Max \(name)".count).split(separator: " ").prefix(2) == ["\(value)", "\(value)"])
            }
        }

        @Test("a tool can't gain privileges; as root, Earshot runs it as another user who can read files only")
        func privileges() async throws {
            let status = try await process("status").split(separator: "\n").map(String.init)
            #expect(status.contains("NoNewPrivs:\t1"))
            guard geteuid() == 0 else { return }
            #expect(status.contains("Uid:\t65533\t65533\t65533\t65533"))
            #expect(status.contains("Gid:\t65533\t65533\t65533\t65533"))
            for name in ["CapPrm", "CapEff", "CapBnd"] { #expect(status.contains("\(name):\t0000000000000004")) }
        }

        @Test("a recording that only its owner can read is read")
        func ownFile() async throws {
            try await TemporaryFolder.with { folder in
                let path = folder.appending("talk.wav")
                try path.write(Recordings.path("short-en-1.wav").contents())
                try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path.string)
                try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder.string)
                #expect(try await AudioProbe().describe(path).sampleRate == 16_000)
                #expect(try await Media.samples(of: path).count == 28_818)
            }
        }

        /// A file in /proc about an ffmpeg that waits for its consumer.
        private func process(_ file: String) async throws -> String {
            try await TemporaryFolder.with { folder in
                let path = try await Media.hour(in: folder)
                struct Enough: Error {}
                var text = ""
                do {
                    try await AudioDecoder(path: path).decode { _ in
                        let process = try #require(try await Media.processes(reading: path).first)
                        text = String(decoding: try FilePath("/proc/\(process)/\(file)").contents(), as: UTF8.self)
                        throw Enough()
                    }
                } catch is Enough {}
                return text
            }
        }
    }
#endif
