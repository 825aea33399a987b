import HTTPTypes
import NIOCore
import Testing

@testable import Server

struct MultipartParserTests {
    private static let boundary = "x--y"
    /// Two parts; the second holds what looks almost like a boundary.
    private static let form = """
        preamble\r
        --x--y\r
        Content-Disposition: form-data; name="model"\r
        \r
        demo\r
        --x--y  \r
        Content-Disposition: form-data; name="file"; filename="a.wav"\r
        Content-Type: audio/wav\r
        \r
        one\r
        --x--\r
        --x--yz\r
        \r
        --x--y--\r
        epilogue
        """
    private static let contents = ["demo", "one\r\n--x--\r\n--x--yz\r\n"]

    @Test("a form gives the same parts however its bytes are split")
    func everySplit() throws {
        let bytes = Array(Self.form.utf8)
        for cut in 0...bytes.count {
            #expect(try parts(of: [bytes[..<cut], bytes[cut...]]) == Self.contents)
        }
        #expect(try parts(of: bytes.indices.map { bytes[$0...$0] }) == Self.contents)
    }

    @Test("an empty file is an empty part")
    func emptyPart() throws {
        let form = "--x--y\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n\r\n--x--y--"
        #expect(try parts(of: [Array(form.utf8)[...]]) == [""])
    }

    @Test("endless headers of a part are rejected")
    func longHeaders() {
        #expect(throws: MultipartError.headersTooLong) {
            try parts(of: [Array(("--x--y\r\nA: " + String(repeating: "a", count: 20_000)).utf8)[...]])
        }
    }

    @Test("a header without a name is rejected")
    func malformedHeaders() {
        #expect(throws: MultipartError.malformedHeaders) {
            try parts(of: [Array("--x--y\r\nno colon here\r\n\r\nbody\r\n--x--y--".utf8)[...]])
        }
    }

    /// The contents of the parts, and nothing but whole events.
    private func parts(of chunks: [ArraySlice<UInt8>]) throws -> [String] {
        var parser = MultipartParser(boundary: Self.boundary)
        var parts: [ByteBuffer] = []
        for chunk in chunks {
            parser.append(ByteBuffer(bytes: chunk))
            events: while let event = try parser.next() {
                switch event {
                case .part: parts.append(ByteBuffer())
                case .data(let piece): parts[parts.count - 1].writeImmutableBuffer(piece)
                case .end: break events
                }
            }
        }
        return parts.map { String(buffer: $0) }
    }
}

struct HeaderParametersTests {
    @Test(
        "a file's name is read as browsers, curl and the standard write it",
        arguments: [
            (#"form-data; name="file"; filename="talk.wav""#, "talk.wav"),
            (#"form-data; filename=talk.wav; name=file"#, "talk.wav"),
            (#"form-data; name="file"; filename="a \"b\" \\ c;d=e.wav""#, #"a "b" \ c;d=e.wav"#),
            (#"form-data; name="file"; filename="a %22b%22.wav""#, #"a "b".wav"#),
            (#"form-data; name="file"; filename="x.wav"; filename*=UTF-8''%C3%9Cbung.wav"#, "Übung.wav"),
            (#"form-data; name="file"; FileName="C:\talks\x.wav""#, #"C:\talks\x.wav"#),
        ]
    )
    func filenames(header: String, name: String) {
        #expect(FormPart(headers: [.contentDisposition: header]).filename == name)
    }
}
