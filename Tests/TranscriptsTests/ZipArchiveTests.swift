import Foundation
import Testing

@testable import Transcripts

@Suite struct ZipArchiveTests {
    @Test(
        "checksums are those of Python's zlib.crc32",
        arguments: [
            (Data(), 0), (Data("123456789".utf8), 0xCBF4_3926), (Data("Müde 日本語".utf8), 0x69AC_6E0B),
            (Data((0..<1024).map { UInt8($0 % 256) }), 0xB70B_4C26),
        ] as [(Data, UInt32)]
    )
    func checksum(_ content: Data, _ expected: UInt32) {
        #expect(ZipArchive.checksum(content) == expected)
    }
}
